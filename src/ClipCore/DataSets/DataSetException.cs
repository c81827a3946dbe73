namespace ClipCore.DataSets;

/// <summary>A data set, a list or a mask that can't be used as it is: the message names it, says what is wrong and what to do.</summary>
public sealed class DataSetException : IOException
{
    /// <summary>A fault.</summary>
    /// <param name="message">One line: what, where, and what to do.</param>
    /// <param name="cause">What caused it; null without.</param>
    public DataSetException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}

namespace ClipCore.Images;

/// <summary>A picture that can't be used: the message names it, says what is wrong and what to do.</summary>
public sealed class ImageException : IOException
{
    internal ImageException(string name, string fault, Exception? cause = null) : base($"{name}: {fault}", cause) => Fault = fault;

    /// <summary>What is wrong, without the picture's name.</summary>
    public string Fault { get; }
}

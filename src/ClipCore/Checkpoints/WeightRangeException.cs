namespace ClipCore.Checkpoints;

/// <summary>A weight lies beyond the range of the number format that weights are to be kept in.</summary>
public sealed class WeightRangeException : CheckpointException
{
    internal WeightRangeException(string source, string tensor, long index, float value, string format, string range)
        : base(source, Fault(tensor, index, value, format, range))
    {
    }

    static string Fault(string tensor, long index, float value, string format, string range) =>
        $"the weight '{tensor}' is {value} at element {index}, beyond the range of {format} ({range}). Keep the weights as WeightFormat.Single or "
        + "WeightFormat.BFloat16.";
}

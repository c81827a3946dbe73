namespace ClipCore.Checkpoints;

/// <summary>
/// Nothing tells how pictures are prepared for a model: which mean and deviation, which resize. Ready pixels and texts can be encoded.
/// </summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class UnknownPreprocessingException : CheckpointException
{
    internal UnknownPreprocessingException(string source, string fault)
        : base(source, $"nothing tells how pictures are prepared for this model (mean, deviation, resize): {fault}. "
            + "Add the model's preprocessor_config.json, or give ClipModelOptions.Preprocess.")
    {
    }
}

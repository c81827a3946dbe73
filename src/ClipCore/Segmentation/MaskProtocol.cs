namespace ClipCore.Segmentation;

/// <summary>How a picture's mask is laid over the square that the model sees.</summary>
public enum MaskProtocol
{
    /// <summary>Cut as the picture is cut.</summary>
    Aligned,

    /// <summary>Squashed to the square whatever the picture's shape, as the paper's script does; its published numbers include that.</summary>
    Reference,
}

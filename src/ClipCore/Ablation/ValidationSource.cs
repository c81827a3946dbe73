namespace ClipCore.Ablation;

/// <summary>Where the images come from that heads are chosen on.</summary>
public enum ValidationSource
{
    /// <summary>Nothing is chosen by the images' labels.</summary>
    None,

    /// <summary>The data's own validation split.</summary>
    Split,

    /// <summary>Half of each group of the images that would be judged, which are taken out of them.</summary>
    HalfOfEachGroup,
}

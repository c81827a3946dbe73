namespace ClipCore.Images;

/// <summary>One value for each colour channel.</summary>
/// <param name="Red">Value of the red channel.</param>
/// <param name="Green">Value of the green channel.</param>
/// <param name="Blue">Value of the blue channel.</param>
public readonly record struct RgbValues(float Red, float Green, float Blue)
{
    /// <summary>The value of channel 0 (red), 1 (green) or 2 (blue).</summary>
    /// <param name="channel">0, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channel"/> is another number.</exception>
    public float this[int channel] => channel switch
    {
        0 => Red,
        1 => Green,
        2 => Blue,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "A colour channel is 0, 1 or 2."),
    };
}

namespace ClipCore;

/// <summary>How weights are kept in memory. The arithmetic is in single precision whatever the choice.</summary>
public enum WeightFormat
{
    /// <summary>32 bits, exactly as the file says.</summary>
    Single,

    /// <summary>IEEE half precision: half the memory; exact for checkpoints stored so, rounded for others.</summary>
    Half,

    /// <summary>The upper 16 bits of single precision: half the memory, rounded to 8 significant bits.</summary>
    BFloat16,
}

namespace ClipCore.Memory;

/// <summary>Lengths of arrays as products that can't overflow.</summary>
static class ArrayLength
{
    /// <summary>The product of sizes, as the length of one array.</summary>
    /// <param name="what">What the array holds, for the message.</param>
    /// <param name="remedy">What to do about one that is too long, for the message.</param>
    /// <param name="sizes">The array's dimensions.</param>
    /// <exception cref="ArgumentException">The product is more than one array can hold.</exception>
    public static int Of(string what, string remedy, params ReadOnlySpan<int> sizes)
    {
        UInt128 length = 1;
        foreach (int size in sizes)
            length *= (UInt128)size;
        return length <= (UInt128)Array.MaxLength ? (int)length
            : throw new ArgumentException($"{what} would hold {length} numbers, more than the {Array.MaxLength} of one array: {remedy}.");
    }
}

namespace ClipCore.Npy;

/// <summary>An array in memory, in C order.</summary>
/// <typeparam name="T">Type of an element.</typeparam>
/// <param name="Shape">Lengths of the dimensions, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements, the last dimension varying fastest.</param>
/// <remarks>As safe for threads as the array that it holds.</remarks>
public sealed record NpyArray<T>(int[] Shape, T[] Data) where T : unmanaged;

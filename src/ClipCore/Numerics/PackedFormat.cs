namespace ClipCore.Numerics;

/// <summary>How the numbers of a packed matrix lie in memory.</summary>
enum PackedFormat
{
    Float,
    Half,
    BFloat16,
}

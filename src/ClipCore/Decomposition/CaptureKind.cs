namespace ClipCore.Decomposition;

/// <summary>What is captured of a layer.</summary>
enum CaptureKind
{
    Patterns,
    ResidualPre,
    ResidualMid,
    ResidualPost,
}

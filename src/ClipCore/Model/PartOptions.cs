using ClipCore.Checkpoints;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>How the parts of a model are made.</summary>
/// <param name="Isa">The register width; null for the default.</param>
/// <param name="Threads">Threads of the team; null for the default.</param>
/// <param name="Format">How the weights of products are kept.</param>
/// <param name="WrapKernels">Puts other kernels around the chosen ones.</param>
sealed record PartOptions(Isa? Isa, int? Threads, PackedFormat Format, Func<Kernels, VisionConfig, Kernels>? WrapKernels);

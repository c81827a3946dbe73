using ClipCore.Decomposition;
using ClipCore.Lanes;

namespace ClipCore.Reports.Explanations;

/// <summary>Where a result came from: what lets a reader make it again. Immutable, and so safe for many threads.</summary>
/// <param name="Model">Name and weights of the model.</param>
/// <param name="Isa">Register width that was in use; no number depends on it.</param>
/// <param name="Threads">Threads that were in use; no number depends on them.</param>
/// <param name="Command">What the user ran, or the name of the program.</param>
/// <param name="Version">Version of the program.</param>
public sealed record Provenance(ModelIdentity Model, Isa Isa, int Threads, string Command, string Version)
{
    /// <summary>The register width in words.</summary>
    public string InstructionSet => Isa == Isa.Scalar ? "scalar code" : $"{(int)Isa}-bit registers";

    /// <summary>The number of threads in words.</summary>
    public string ThreadsInWords => $"{Threads} {(Threads == 1 ? "thread" : "threads")}";

    /// <summary>The provenance of what a model computes; its weights are hashed when this was not done before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="command">What the user ran, or the name of the program.</param>
    /// <param name="version">Version of the program.</param>
    public static Provenance Of(ClipModel model, string command, string version)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Provenance(model.Identity, model.Isa, model.ThreadCount, command, version);
    }
}

namespace ClipCore.Checkpoints;

/// <summary>The weights are a Python pickle, which can run any program when read.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed class PickleException : CheckpointException
{
    internal PickleException(string source)
        : base(source, "is a Python pickle, which is not read because it can run any program. Convert it once where you trust it: "
            + "python -c \"import sys, torch, safetensors.torch as s; w = torch.load(sys.argv[1], map_location='cpu', weights_only=True); "
            + "s.save_file({k: v.contiguous().clone() for k, v in w.get('state_dict', w).items()}, sys.argv[2])\" "
            + $"{Path.GetFileName(source)} {Path.GetFileNameWithoutExtension(source)}.safetensors")
    { }
}

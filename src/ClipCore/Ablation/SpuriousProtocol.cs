namespace ClipCore.Ablation;

/// <summary>What is replaced besides the heads of a spurious cue.</summary>
public enum SpuriousProtocol
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>The embedding, all MLPs, and all attention layers but the last four, as the paper's script.</summary>
    Reference,
}

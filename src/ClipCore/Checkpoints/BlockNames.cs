namespace ClipCore.Checkpoints;

/// <summary>
/// Names within a block, after its prefix; each is the part before <c>.weight</c> and <c>.bias</c>. Where one matrix holds queries,
/// keys and values, <c>FusedQkv</c> is the part before <c>weight</c> and <c>bias</c>; else it is null.
/// </summary>
sealed record BlockNames(string Norm1, string? FusedQkv, string Query, string Key, string Value, string Out, string Norm2, string Fc1, string Fc2)
{
    public static BlockNames OpenClip { get; } = new("ln_1", "attn.in_proj_", "", "", "", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj");

    public static BlockNames HuggingFace { get; } = new("layer_norm1", null, "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
        "self_attn.out_proj", "layer_norm2", "mlp.fc1", "mlp.fc2");
}

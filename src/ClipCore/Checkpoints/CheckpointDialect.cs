namespace ClipCore.Checkpoints;

/// <summary>Who named the weights.</summary>
public enum CheckpointDialect
{
    /// <summary>OpenCLIP and OpenAI: <c>visual.transformer.resblocks.0.attn.in_proj_weight</c>, <c>transformer.resblocks…</c>.</summary>
    OpenClip,

    /// <summary>OpenCLIP with its text tower under <c>text.</c>.</summary>
    OpenClipCustomText,

    /// <summary>Hugging Face's CLIPModel, or one of its towers with projection: <c>vision_model.encoder.layers.0.self_attn.q_proj.weight</c>.</summary>
    HuggingFace,
}

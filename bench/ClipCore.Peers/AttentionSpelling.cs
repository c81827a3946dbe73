namespace ClipCore.Peers;

/// <summary>How the peer's graph spells attention. The faster one is what the peer is measured with.</summary>
enum AttentionSpelling
{
    /// <summary>Products, softmax and transpositions, as exporters write it.</summary>
    Operations,

    /// <summary>One fused operation of ONNX Runtime's own domain.</summary>
    Fused,
}

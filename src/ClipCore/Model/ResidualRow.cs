namespace ClipCore.Model;

/// <summary>Takes a row of the residual stream before the first layer (0) or after a layer (its index + 1). [width]</summary>
delegate void ResidualRow(int layer, ReadOnlySpan<float> row);

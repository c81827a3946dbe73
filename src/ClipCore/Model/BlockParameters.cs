namespace ClipCore.Model;

/// <summary>Weights of one block. <paramref name="Qkv"/> holds q, k and v side by side, each from the start of a panel on.</summary>
sealed record BlockParameters(
    NormParameters Norm1, LinearParameters Qkv, LinearParameters Out, NormParameters Norm2, LinearParameters Fc1, LinearParameters Fc2)
    : IDisposable
{
    public void Dispose()
    {
        Norm1.Dispose();
        Qkv.Dispose();
        Out.Dispose();
        Norm2.Dispose();
        Fc1.Dispose();
        Fc2.Dispose();
    }
}

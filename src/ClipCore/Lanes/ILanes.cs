namespace ClipCore.Lanes;

/// <summary>
/// The arithmetic of one register width, as a type: kernels are written once against it.
/// Every member gives the same bits in every lane, whatever the width and the machine.
/// </summary>
/// <typeparam name="TVec">One register of floats; plain <see cref="float"/> when the width is one.</typeparam>
/// <remarks>
/// Masks are registers whose lanes are all ones or all zeros, as comparisons return them.
/// Comparisons with NaN are false, so <see cref="Max"/> and <see cref="Min"/> return their second argument then.
/// </remarks>
unsafe interface ILanes<TVec> where TVec : unmanaged
{
    /// <summary>Floats in a register: 16, 8, 4 or 1.</summary>
    static abstract int Count { get; }

    static abstract TVec Zero { get; }
    static abstract TVec Fill(float value);
    static abstract TVec Load(float* source);
    static abstract void Store(TVec value, float* destination);

    static abstract TVec Add(TVec a, TVec b);
    static abstract TVec Subtract(TVec a, TVec b);
    static abstract TVec Multiply(TVec a, TVec b);
    static abstract TVec Divide(TVec a, TVec b);
    static abstract TVec Sqrt(TVec a);

    /// <summary>a·b + sum, rounded once: this is what makes all widths agree to the bit.</summary>
    static abstract TVec MultiplyAdd(TVec a, TVec b, TVec sum);

    /// <summary>sum − a·b, rounded once.</summary>
    static abstract TVec NegatedMultiplyAdd(TVec a, TVec b, TVec sum);

    /// <summary>a where a &gt; b, else b.</summary>
    static abstract TVec Max(TVec a, TVec b);

    /// <summary>a where a &lt; b, else b.</summary>
    static abstract TVec Min(TVec a, TVec b);

    static abstract TVec LessThan(TVec a, TVec b);

    /// <summary>Bit by bit: a where the mask is set, else b.</summary>
    static abstract TVec Select(TVec mask, TVec a, TVec b);

    static abstract TVec And(TVec a, TVec b);
    static abstract TVec Or(TVec a, TVec b);
    static abstract TVec Xor(TVec a, TVec b);

    /// <summary>2ⁿ for a whole n in [−126, 127]; other inputs give an unspecified (but equal) result.</summary>
    static abstract TVec PowerOfTwo(TVec n);
}

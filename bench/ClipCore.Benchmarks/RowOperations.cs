using System.Runtime.Intrinsics;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>An operation on one row, generic over the lanes, as a type.</summary>
unsafe interface IRowOperation
{
    static abstract void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}

/// <summary>Normalises a row.</summary>
readonly unsafe struct LayerNormRow : IRowOperation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        RowKernels.LayerNorm<TLanes, TVec>(x, gain, gain, length, 1e-5f, destination);
}

/// <summary>Softmax in place, as attention does it: on scores that are small already it changes nothing in the time.</summary>
readonly unsafe struct SoftmaxRow : IRowOperation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        RowKernels.Softmax<TLanes, TVec>(destination, length);
}

/// <summary>An activation, without the product that it is part of in a model.</summary>
readonly unsafe struct ActivationRow<TActivation> : IRowOperation where TActivation : struct, IActivation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TActivation.Invoke<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        for (; i < length; i++)
            destination[i] = TActivation.Invoke<Lanes1, float>(x[i]);
    }
}

/// <summary>Runs an operation over the rows of a matrix.</summary>
static unsafe class RowOperations
{
    public static void Run<TOperation>(Isa isa, float* x, float* gain, int rows, int length, float* destination) where TOperation : struct, IRowOperation
    {
        switch (isa)
        {
            case Isa.Vector512:
                Run<TOperation, Lanes512, Vector512<float>>(x, gain, rows, length, destination);
                break;
            case Isa.Vector256:
                Run<TOperation, Lanes256, Vector256<float>>(x, gain, rows, length, destination);
                break;
            case Isa.Vector128:
                Run<TOperation, Lanes128, Vector128<float>>(x, gain, rows, length, destination);
                break;
            default:
                Run<TOperation, Lanes1, float>(x, gain, rows, length, destination);
                break;
        }
    }

    static void Run<TOperation, TLanes, TVec>(float* x, float* gain, int rows, int length, float* destination)
        where TOperation : struct, IRowOperation where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        for (int row = 0; row < rows; row++)
            TOperation.Run<TLanes, TVec>(x + ((long)row * length), gain, length, destination + ((long)row * length));
    }
}

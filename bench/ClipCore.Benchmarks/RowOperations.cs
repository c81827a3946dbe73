using System.Runtime.Intrinsics;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

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

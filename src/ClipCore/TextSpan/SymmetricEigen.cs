namespace ClipCore.TextSpan;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix in double precision: cyclic Jacobi rotations for small ones, Householder's and QL's steps for large ones,
/// which need a thirtieth of the time there. All of it in a fixed order, with no function of the platform but the square root: the same bits everywhere.
/// </summary>
static class SymmetricEigen
{
    /// <summary>The largest matrix that Jacobi's method decomposes.</summary>
    public const int MostForJacobi = 128;

    const int MaxSweeps = 60;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n, n]; overwritten.</param>
    /// <param name="size">n.</param>
    /// <returns>Eigenvalues, the largest first, and unit eigenvectors as rows. [n], [n, n]</returns>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        (double[] values, double[] vectors) = size > MostForJacobi ? TridiagonalEigen.Decompose(matrix, size) : Jacobi(matrix, size);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => values[i]).ThenBy(i => i)];
        double[] sorted = new double[size * size];
        for (int i = 0; i < size; i++)
            vectors.AsSpan(order[i] * size, size).CopyTo(sorted.AsSpan(i * size));
        return ([.. order.Select(i => values[i])], sorted);
    }

    static (double[] Values, double[] Vectors) Jacobi(double[] matrix, int size)
    {
        double[] vectors = new double[size * size], values = new double[size];
        for (int i = 0; i < size; i++)
            vectors[(i * size) + i] = 1;
        for (int sweep = 0; sweep < MaxSweeps && Sweep(matrix, vectors, size); sweep++)
        {
        }
        for (int i = 0; i < size; i++)
            values[i] = matrix[(i * size) + i];
        return (values, vectors);
    }

    /// <summary>Rotates every pair once; false where none needed it. Rows of <paramref name="vectors"/> become the eigenvectors.</summary>
    static bool Sweep(double[] a, double[] vectors, int n)
    {
        bool changed = false;
        for (int p = 0; p < n - 1; p++)
            for (int q = p + 1; q < n; q++)
            {
                double apq = a[(p * n) + q], app = a[(p * n) + p], aqq = a[(q * n) + q];
                if (Math.Abs(apq) <= 1e-17 * Math.Sqrt(Math.Abs(app * aqq)) || Math.Abs(apq) < 1e-300)
                    continue;
                changed = true;
                double theta = (aqq - app) / (2 * apq);
                double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
                Span<double> rowP = a.AsSpan(p * n, n), rowQ = a.AsSpan(q * n, n);
                for (int k = 0; k < n; k++)
                    (rowP[k], rowQ[k]) = ((c * rowP[k]) - (s * rowQ[k]), (s * rowP[k]) + (c * rowQ[k]));
                for (int k = 0; k < n; k++)
                    (a[(k * n) + p], a[(k * n) + q]) = ((c * a[(k * n) + p]) - (s * a[(k * n) + q]), (s * a[(k * n) + p]) + (c * a[(k * n) + q]));
                a[(p * n) + q] = a[(q * n) + p] = 0;
                Span<double> vectorP = vectors.AsSpan(p * n, n), vectorQ = vectors.AsSpan(q * n, n);
                for (int k = 0; k < n; k++)
                    (vectorP[k], vectorQ[k]) = ((c * vectorP[k]) - (s * vectorQ[k]), (s * vectorP[k]) + (c * vectorQ[k]));
            }
        return changed;
    }
}

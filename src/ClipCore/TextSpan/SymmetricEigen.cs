namespace ClipCore.TextSpan;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations in double precision: a fixed order of sweeps, so the same bits everywhere.
/// </summary>
static class SymmetricEigen
{
    const int MaxSweeps = 60;

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">[n, n]; overwritten.</param>
    /// <param name="size">n.</param>
    /// <returns>Eigenvalues, the largest first, and unit eigenvectors as rows. [n], [n, n]</returns>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        double[] vectors = new double[size * size];
        for (int i = 0; i < size; i++)
            vectors[(i * size) + i] = 1;
        for (int sweep = 0; sweep < MaxSweeps && Sweep(matrix, vectors, size); sweep++)
        {
        }
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => matrix[(i * size) + i]).ThenBy(i => i)];
        double[] sorted = new double[size * size];
        for (int i = 0; i < size; i++)
            vectors.AsSpan(order[i] * size, size).CopyTo(sorted.AsSpan(i * size));
        return ([.. order.Select(i => matrix[(i * size) + i])], sorted);
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

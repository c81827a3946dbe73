using ClipCore.Lanes;

namespace ClipCore.TextSpan;

/// <summary>
/// Eigenvalues and eigenvectors by Householder's tridiagonalisation and implicit QL steps (Wilkinson and Reinsch 1971, contributions II/2 and II/4): 4 n³
/// steps, where Jacobi's rotations take a hundred n³.
/// </summary>
static class TridiagonalEigen
{
    const int MostSteps = 60;
    const double Precision = 1.0 / (1L << 52);

    /// <summary>Decomposes a matrix; nothing is sorted.</summary>
    /// <param name="matrix">[n, n]; overwritten.</param>
    /// <param name="size">n.</param>
    /// <returns>Eigenvalues, and unit eigenvectors as rows. [n], [n, n]</returns>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        double largest = 0;
        foreach (double value in matrix)
            largest = Math.Max(largest, Math.Abs(value));
        double[] vectors = new double[size * size];
        for (int i = 0; i < size; i++)
            vectors[(i * size) + i] = 1;
        if (!(largest > 0))
            return (new double[size], vectors);

        // Entries of at most one: their squares neither overflow nor, where they matter, vanish. A power of two scales without rounding.
        double scale = Math.ScaleB(1, -Math.ILogB(largest));
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] *= scale;
        (double[] diagonal, double[] beside, double[] factors) = Tridiagonalize(matrix, size);
        Iterate(diagonal, beside, vectors, size);
        for (int i = 0; i < size; i++)
            Reflect(matrix, factors, vectors.AsSpan(i * size, size), size);
        for (int i = 0; i < size; i++)
            diagonal[i] /= scale;
        return (diagonal, vectors);
    }

    /// <summary>A = Q T Qᵀ: the reflections' vectors stay in the rows of the matrix above its diagonal, their factors 2 / vᵀv beside.</summary>
    static (double[] Diagonal, double[] Beside, double[] Factors) Tridiagonalize(double[] a, int n)
    {
        double[] diagonal = new double[n], beside = new double[n], factors = new double[n], work = new double[n];
        for (int k = 0; k < n - 1; k++)
        {
            int rest = n - k - 1;
            Span<double> v = a.AsSpan((k * n) + k + 1, rest), w = work.AsSpan(0, rest);
            diagonal[k] = a[(k * n) + k];
            double tail = rest > 1 ? Doubles.Dot(v[1..], v[1..]) : 0, first = v[0];
            if (tail == 0)
            {
                beside[k] = first;
                continue;
            }
            double length = Math.Sqrt((first * first) + tail), image = first > 0 ? -length : length;
            // The sign is chosen so that nothing cancels.
            v[0] = first - image;
            beside[k] = image;
            double factor = factors[k] = 2 / ((v[0] * v[0]) + tail);
            for (int i = 0; i < rest; i++)
                w[i] = factor * Doubles.Dot(a.AsSpan(((k + 1 + i) * n) + k + 1, rest), v);
            Doubles.AddScaled(v, -0.5 * factor * Doubles.Dot(w, v), w);
            // H A H = A − v wᵀ − w vᵀ
            for (int i = 0; i < rest; i++)
            {
                Span<double> row = a.AsSpan(((k + 1 + i) * n) + k + 1, rest);
                Doubles.AddScaled(w, -v[i], row);
                Doubles.AddScaled(v, -w[i], row);
            }
        }
        diagonal[n - 1] = a[(n * n) - 1];
        return (diagonal, beside, factors);
    }

    /// <summary>From an eigenvector of T to one of A: Q z, the last reflection first.</summary>
    static void Reflect(double[] a, double[] factors, Span<double> vector, int n)
    {
        for (int k = n - 2; k >= 0; k--)
        {
            if (factors[k] == 0)
                continue;
            ReadOnlySpan<double> v = a.AsSpan((k * n) + k + 1, n - k - 1);
            Span<double> part = vector[(k + 1)..];
            Doubles.AddScaled(v, -factors[k] * Doubles.Dot(v, part), part);
        }
    }

    /// <summary>
    /// QL steps with implicit shifts, to the precision of the largest entry; the diagonal becomes the eigenvalues, the rows of <paramref name="vectors"/> the
    /// eigenvectors of T.
    /// </summary>
    static void Iterate(double[] d, double[] e, double[] vectors, int n)
    {
        double largest = 0;
        for (int i = 0; i < n; i++)
            largest = Math.Max(largest, Math.Abs(d[i]) + Math.Abs(e[i]));
        for (int l = 0; l < n; l++)
            for (int step = 0; ; step++)
            {
                int m = l;
                while (m < n - 1 && Math.Abs(e[m]) > Precision * largest)
                    m++;
                if (m == l)
                    break;
                if (step == MostSteps)
                    throw new InvalidOperationException(
                        $"The eigenvalues of a matrix of {n} rows did not converge: its entries are not finite, or not symmetric.");
                Step(d, e, vectors, l, m, n);
            }
    }

    static void Step(double[] d, double[] e, double[] vectors, int l, int m, int n)
    {
        double shift = (d[l + 1] - d[l]) / (2 * e[l]), root = Hypotenuse(shift, 1);
        double g = d[m] - d[l] + (e[l] / (shift + (shift >= 0 ? root : -root)));
        double s = 1, c = 1, p = 0;
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * e[i], b = c * e[i], r = Hypotenuse(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                // The matrix falls apart here: go on with its parts.
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            Doubles.Rotate(vectors.AsSpan(i * n, n), vectors.AsSpan((i + 1) * n, n), c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    static double Hypotenuse(double a, double b)
    {
        double x = Math.Abs(a), y = Math.Abs(b), larger = Math.Max(x, y), ratio = larger == 0 ? 0 : Math.Min(x, y) / larger;
        return larger * Math.Sqrt(1 + (ratio * ratio));
    }
}

using ClipCore.TextSpan;

namespace ClipCore.Tests.TextSpan;

/// <summary>Eigenvalues and eigenvectors by both methods, against the matrices they come from.</summary>
sealed class SymmetricEigenTests
{
    static IEnumerable<TestCaseData> Matrices()
    {
        foreach (int size in (int[])[1, 2, 3, 17, 128, 129, 200])
        {
            yield return new TestCaseData(Random(size), size).SetArgDisplayNames("random", $"{size}");
            yield return new TestCaseData(Product(size, rank: (size + 3) / 4), size).SetArgDisplayNames("of a quarter of the rank", $"{size}");
            yield return new TestCaseData(Graded(size), size).SetArgDisplayNames("graded over sixteen decades", $"{size}");
            yield return new TestCaseData(new double[size * size], size).SetArgDisplayNames("zero", $"{size}");
            yield return new TestCaseData(Diagonal(size), size).SetArgDisplayNames("diagonal with equal entries", $"{size}");
        }
    }

    [TestCaseSource(nameof(Matrices))]
    public void Decompose_RebuildsTheMatrix_FromOrthonormalVectors(double[] matrix, int size)
    {
        (double[] values, double[] vectors) = SymmetricEigen.Decompose((double[])matrix.Clone(), size);
        Assert.That(values, Is.Ordered.Descending);
        double largest = matrix.Max(Math.Abs), rebuilding = 0, orthogonality = 0;
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0, dot = 0;
                for (int k = 0; k < size; k++)
                {
                    sum += values[k] * vectors[(k * size) + i] * vectors[(k * size) + j];
                    dot += vectors[(i * size) + k] * vectors[(j * size) + k];
                }
                rebuilding = Math.Max(rebuilding, Math.Abs(sum - matrix[(i * size) + j]));
                orthogonality = Math.Max(orthogonality, Math.Abs(dot - (i == j ? 1 : 0)));
            }
        Assert.That(rebuilding, Is.LessThanOrEqualTo(2e-14 * size * largest));
        Assert.That(orthogonality, Is.LessThan(2e-14 * size));
    }

    [Test]
    public void Tridiagonal_FindsTheEigenvalues_ThatJacobiFinds()
    {
        const int Size = 100;
        double[] matrix = Random(Size);
        double[] jacobi = SymmetricEigen.Decompose((double[])matrix.Clone(), Size).Values;
        double[] tridiagonal = [.. TridiagonalEigen.Decompose((double[])matrix.Clone(), Size).Values.OrderDescending()];
        Assert.That(tridiagonal, Is.EqualTo(jacobi).Within(5e-13));
    }

    [TestCase(1e-200)]
    [TestCase(1e200)]
    public void Decompose_OfAnyScale_NeitherOverflowsNorVanishes(double scale)
    {
        const int Size = 150;
        double[] matrix = Random(Size), values = SymmetricEigen.Decompose((double[])matrix.Clone(), Size).Values;
        double[] scaled = SymmetricEigen.Decompose([.. matrix.Select(value => value * scale)], Size).Values;
        Assert.That(scaled.Select(value => value / scale), Is.EqualTo(values).Within(1e-12));
    }

    static double[] Random(int size)
    {
        Random random = new(4 + size);
        return Symmetric(size, (_, _) => random.NextDouble() - 0.5);
    }

    static double[] Product(int size, int rank)
    {
        Random random = new(size);
        double[] factor = [.. Enumerable.Range(0, size * rank).Select(_ => random.NextDouble() - 0.5)];
        return Symmetric(size, (i, j) => Enumerable.Range(0, rank).Sum(k => factor[(i * rank) + k] * factor[(j * rank) + k]));
    }

    static double[] Graded(int size)
    {
        Random random = new(size);
        double Scale(int i) => Math.Pow(10, -8.0 * i / size);
        return Symmetric(size, (i, j) => (random.NextDouble() - 0.5) * Scale(i) * Scale(j));
    }

    static double[] Diagonal(int size) => Symmetric(size, (i, j) => i == j ? 1 + (i % 3) : 0);

    static double[] Symmetric(int size, Func<int, int, double> value)
    {
        double[] matrix = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
                matrix[(i * size) + j] = matrix[(j * size) + i] = value(i, j);
        return matrix;
    }
}

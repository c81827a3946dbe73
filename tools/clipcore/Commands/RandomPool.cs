using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ClipCore.Cli.Commands;

/// <summary>Random directions with the same length, mean and spread along each axis as a pool of texts: what texts must beat.</summary>
static class RandomPool
{
    /// <summary>As many random rows as the pool has. The same seed gives the same rows everywhere.</summary>
    public static float[] Like(float[] texts, int width, int seed)
    {
        int rows = texts.Length / width;
        double[] mean = new double[width], spread = new double[width];
        for (int t = 0; t < rows; t++)
            for (int i = 0; i < width; i++)
                mean[i] += texts[(t * width) + i] / (double)rows;
        for (int t = 0; t < rows; t++)
            for (int i = 0; i < width; i++)
                spread[i] += (texts[(t * width) + i] - mean[i]) * (texts[(t * width) + i] - mean[i]) / rows;
        ulong state = (ulong)(uint)seed * 0x9E3779B97F4A7C15UL;
        float[] random = new float[texts.Length];
        for (int t = 0; t < rows; t++)
            for (int i = 0; i < width; i++)
            {
                // The sum of twelve even numbers is normal enough, and exact to reproduce.
                double sum = -6;
                for (int k = 0; k < 12; k++)
                {
                    state += 0x9E3779B97F4A7C15UL;
                    ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
                    z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                    sum += ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
                }
                random[(t * width) + i] = (float)(mean[i] + (sum * Math.Sqrt(spread[i])));
            }
        return random;
    }
}

using ClipCore.Lanes;
using ClipCore.Threads;

namespace ClipCore.Numerics;

/// <summary>
/// Multi-head attention: z = softmax(q kᵀ / √headWidth) v, head by head, a tile of queries at a time; scores never leave the first-level cache.
/// </summary>
static unsafe class Attention<TLanes, TVec>
    where TLanes : struct, ILanes<TVec> where TVec : unmanaged
{
    static int PanelWidth => GemmTile.Columns<TLanes, TVec>();

    /// <summary>Floats of scratch memory that each member needs.</summary>
    /// <exception cref="ArgumentException">The sequence is too long for one member's memory of 2³¹ floats.</exception>
    public static int ScratchFloats(int tokens, int headWidth)
    {
        long paddedTokens = Round(tokens), paddedWidth = Round(headWidth);
        long floats = (paddedTokens * headWidth) + (tokens * paddedWidth) + (GemmTile.MaxRows * (paddedTokens + 16 + paddedWidth));
        // Room for the rounding of each member's share up to whole lines of a cache.
        return floats <= int.MaxValue - 64 ? (int)floats
            : throw new ArgumentException(
                $"Attention over {tokens} tokens with heads of width {headWidth} needs {floats} floats for each thread, more than 2³¹.");
    }

    /// <summary>z[queries × width] for all tokens, or for the pooled token of each sequence only.</summary>
    /// <param name="team">Who works.</param>
    /// <param name="scratch">Memory of each member.</param>
    /// <param name="q">Queries: a row for each token, or one for each sequence. [queries × width]</param>
    /// <param name="k">Keys. [tokens × width]</param>
    /// <param name="v">Values. [tokens × width]</param>
    /// <param name="sequences">Which rows belong together.</param>
    /// <param name="headCount">Heads.</param>
    /// <param name="causal">Whether a token sees only itself and what comes before it.</param>
    /// <param name="pooledOnly">Whether <paramref name="q"/> and <paramref name="z"/> hold one row for each sequence, its pooled token.</param>
    /// <param name="patterns">Where to keep patterns.</param>
    /// <param name="z">Destination. [queries × width]</param>
    public static void Run(
        ThreadTeam team, TeamScratch scratch, MatrixView q, MatrixView k, MatrixView v, Sequences sequences, int headCount, bool causal,
        bool pooledOnly, PatternSinks patterns, MatrixView z)
    {
        Job job = new()
        {
            Scratch = scratch,
            Q = q,
            K = k,
            V = v,
            Z = z,
            Sequences = sequences,
            HeadCount = headCount,
            HeadWidth = q.Columns / headCount,
            Causal = causal,
            PooledOnly = pooledOnly,
            Patterns = patterns,
            Items = new WorkItems(checked(sequences.Count * headCount)),
        };
        team.Run(ref job);
    }

    static int Round(int count) => (count + PanelWidth - 1) / PanelWidth * PanelWidth;

    struct Job : ITeamJob
    {
        public TeamScratch Scratch;
        public MatrixView Q, K, V, Z;
        public Sequences Sequences;
        public int HeadCount, HeadWidth;
        public bool Causal, PooledOnly;
        public PatternSinks Patterns;
        public WorkItems Items;

        public void Run(int member)
        {
            float* scratch = Scratch.Member(member);
            while (Items.TryTake(out int item))
                Head(scratch, item / HeadCount, item % HeadCount);
        }

        readonly void Head(float* scratch, int sequence, int head)
        {
            int start = Sequences.Starts[sequence], tokens = Sequences.Length(sequence);
            int column = head * HeadWidth, paddedTokens = Round(tokens), paddedWidth = Round(HeadWidth);
            float* keys = scratch;
            float* values = keys + ((long)paddedTokens * HeadWidth);
            float* scores = values + ((long)tokens * paddedWidth);
            int stride = paddedTokens + 16;
            float* sums = scores + ((long)GemmTile.MaxRows * stride);

            PackKeys(start, tokens, column, keys);
            PackValues(start, tokens, column, values);

            int queries = PooledOnly ? 1 : tokens;
            int tileRows = GemmTile.Rows<TLanes, TVec>(), blocks = (queries + tileRows - 1) / tileRows;
            for (int block = 0; block < blocks; block++)
            {
                int first = (int)((long)queries * block / blocks), rows = (int)((long)queries * (block + 1) / blocks) - first;
                int firstRow = PooledOnly ? sequence : start + first;
                int firstToken = PooledOnly ? Sequences.Pooled[sequence] : first;
                int visible = Causal ? firstToken + rows : tokens;

                float* q = Q.Row(firstRow) + column;
                for (int panel = 0; panel * PanelWidth < visible; panel++)
                    GemmTile.Run<TLanes, TVec>(
                        q, Q.Stride, keys + ((long)panel * HeadWidth * PanelWidth), rows, HeadWidth, false, scores + (panel * PanelWidth),
                        stride, (byte*)keys, 0);

                RowKernels.SoftmaxRows<TLanes, TVec>(scores, stride, rows, Causal ? firstToken + 1 : tokens, Causal ? 1 : 0);
                for (int row = 0; row < rows; row++)
                {
                    float* score = scores + ((long)row * stride);
                    int seen = Causal ? firstToken + row + 1 : tokens;
                    if (seen < visible)
                        new Span<float>(score + seen, visible - seen).Clear();
                    Keep(sequence, head, firstToken + row, score, visible);
                }

                // Chains from fixed places on: how many tokens a tile sees depends on its height, which no bit may.
                for (int panel = 0; panel * PanelWidth < HeadWidth; panel++)
                    for (int token = 0; token < visible; token += Chains.MaxLength)
                        GemmTile.Run<TLanes, TVec>(
                            scores + token, stride, values + ((((long)panel * tokens) + token) * PanelWidth), rows,
                            Math.Min(Chains.MaxLength, visible - token), token > 0, sums + (panel * PanelWidth), paddedWidth, (byte*)values, 0);
                for (int row = 0; row < rows; row++)
                    new ReadOnlySpan<float>(sums + (row * paddedWidth), HeadWidth)
                        .CopyTo(new Span<float>(Z.Row(firstRow + row) + column, HeadWidth));
            }
        }

        readonly void Keep(int sequence, int head, int token, float* pattern, int visible)
        {
            long item = ((long)sequence * HeadCount) + head;
            if (Patterns.All != null)
                KeepPattern(Patterns.All + (((item * Patterns.Stride) + token) * Patterns.Stride), pattern, visible);
            if (token != Sequences.Pooled[sequence])
                return;
            if (Patterns.Pooled != null)
                KeepPattern(Patterns.Pooled + (item * Patterns.Stride), pattern, visible);
            if (Patterns.WeightedValues != null)
                KeepWeightedValues(
                    Patterns.WeightedValues + (item * Patterns.WeightedTokens * HeadWidth), pattern, Math.Min(visible, Patterns.WeightedTokens),
                    V.Row(Sequences.Starts[sequence]) + (head * HeadWidth));
        }

        readonly void KeepPattern(float* destination, float* pattern, int visible)
        {
            new ReadOnlySpan<float>(pattern, visible).CopyTo(new Span<float>(destination, visible));
            new Span<float>(destination + visible, Patterns.Stride - visible).Clear();
        }

        readonly void KeepWeightedValues(float* destination, float* pattern, int visible, float* values)
        {
            for (int token = 0; token < visible; token++, destination += HeadWidth, values += V.Stride)
                RowKernels.Multiply<TLanes, TVec>(values, pattern[token], HeadWidth, destination);
            new Span<float>(destination, checked((Patterns.WeightedTokens - visible) * HeadWidth)).Clear();
        }

        /// <summary>Keys as panels of tokens, scaled by 1/√headWidth on the way.</summary>
        readonly void PackKeys(int start, int tokens, int column, float* destination)
        {
            float scale = 1f / MathF.Sqrt(HeadWidth);
            int width = PanelWidth;
            for (int first = 0; first < tokens; first += width, destination += HeadWidth * width)
            {
                int count = Math.Min(width, tokens - first);
                if (count < width)
                    new Span<float>(destination, HeadWidth * width).Clear();
                Transposition.Run(K.Row(start + first) + column, K.Stride, count, HeadWidth, scale, destination, width);
            }
        }

        /// <summary>Values as panels of columns.</summary>
        readonly void PackValues(int start, int tokens, int column, float* destination)
        {
            int width = PanelWidth;
            for (int first = 0; first < HeadWidth; first += width)
            {
                int count = Math.Min(width, HeadWidth - first);
                for (int t = 0; t < tokens; t++, destination += width)
                {
                    new ReadOnlySpan<float>(V.Row(start + t) + column + first, count).CopyTo(new Span<float>(destination, width));
                    if (count < width)
                        new Span<float>(destination + count, width - count).Clear();
                }
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using ClipCore.Files;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>The tables of <c>bench/results/&lt;cpu&gt;</c>, one file a topic.</summary>
static class Tables
{
    static readonly (string Name, string Title, (string Title, Type Type)[] Parts)[] s_topics =
    [
        ("gemm", "Matrix products", [("", typeof(GemmBenchmarks))]),
        ("kernels", "Kernels", [("Attention of a layer", typeof(AttentionBenchmarks)), ("Row by row, ViT-B/16, one image, one thread", typeof(RowBenchmarks))]),
        ("encode", "Encoding images", [("", typeof(EncodeBenchmarks))]),
        ("decompose", "Decomposing an image, ViT-B/16", [("", typeof(DecomposeBenchmarks))]),
        ("textspan", "TEXTSPAN", [("", typeof(TextSpanBenchmarks))]),
        ("load", "Loading ViT-B/16", [("", typeof(LoadBenchmarks))]),
        ("images", "Reading pictures", [("", typeof(ImageBenchmarks))]),
        ("tokenizer", "The tokenizer", [("", typeof(TokenizerBenchmarks))]),
    ];

    /// <summary>Measures and writes the topics; all of them where none is named.</summary>
    /// <returns>The program's exit code.</returns>
    public static int Write(string[] names)
    {
        if (names.FirstOrDefault(name => !s_topics.Any(topic => topic.Name == name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no table {unknown}; there are {string.Join(", ", s_topics.Select(topic => topic.Name))}.");
            return 1;
        }
        string folder = Repository.File($"bench/results/{Machine.Slug}");
        Directory.CreateDirectory(folder);
        int failures = 0;
        foreach ((string name, string title, (string Title, Type Type)[] parts) in s_topics.Where(topic => names.Length == 0 || names.Contains(topic.Name)))
        {
            long start = Stopwatch.GetTimestamp();
            StringBuilder text = new(Head(name, title));
            bool good = true;
            foreach ((string part, Type type) in parts)
            {
                Summary summary = BenchmarkRunner.Run(type, BenchConfig.Create(NullLogger.Instance));
                good &= summary.Reports.Length > 0 && summary.Reports.All(report => report.Success);
                Append(text, part, summary);
            }
            string path = Path.Combine(folder, $"{name}.md");
            if (good)
                Save(path, text.ToString());
            else
                failures++;
            string made = good ? Path.GetRelativePath(Repository.Root, path) : $"{name}: failed, see the logs in artifacts/benchmarks";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0} s)"));
        }
        return failures == 0 ? 0 : 1;
    }

    static string Head(string name, string title)
    {
        IEnumerable<string> peaks = FmaPeaks.Widths.Select(isa =>
        {
            IEnumerable<string> rates = FmaPeaks.ThreadCounts.Select(threads => FmaPeaks.Of(isa, threads).ToString("0.0", CultureInfo.InvariantCulture));
            return $"{(isa == Isa.Scalar ? "scalar" : $"{(int)isa} bits")} {string.Join(" / ", rates)}";
        });
        string command = $"dotnet run -c Release --project bench/ClipCore.Benchmarks -- --tables {name}";
        return $"""
            # {title}

            Printed by `{command}` on {Machine.Processor}, {RuntimeInformation.FrameworkDescription}.
            FMA peak in GFLOP/s on {string.Join(" / ", FmaPeaks.ThreadCounts)} threads: {string.Join("; ", peaks)}. Times are medians.


            """.ReplaceLineEndings("\n");
    }

    static void Append(StringBuilder text, string title, Summary summary)
    {
        if (title.Length > 0)
            text.Append("## ").Append(title).Append("\n\n");
        SummaryTable.SummaryTableColumn[] columns = [.. summary.Table.Columns.Where(column => column.NeedToShow)];
        text.Append("| ").AppendJoin(" | ", columns.Select(column => column.Header)).Append(" |\n|");
        foreach (SummaryTable.SummaryTableColumn column in columns)
            text.Append(column.OriginalColumn.IsNumeric ? "---:|" : "---|");
        text.Append('\n');
        for (int row = 0; row < summary.Table.FullContent.Length; row++)
            text.Append("| ").AppendJoin(" | ", columns.Select(column => column.Content[row].Trim('\''))).Append(" |\n");
        text.Append('\n');
    }

    static void Save(string path, string text)
    {
        using OutputFile output = new(path);
        output.Stream.Write(Encoding.UTF8.GetBytes(text.TrimEnd('\n') + "\n"));
        output.Commit();
    }
}

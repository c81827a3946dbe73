using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ClipCore.Benchmarks;
using ClipCore.Files;
using ClipCore.Lanes;
using Microsoft.ML.OnnxRuntime;

namespace ClipCore.Peers;

/// <summary>The tables of <c>bench/results/&lt;cpu&gt;</c> that set ClipCore beside its peers.</summary>
static class Tables
{
    /// <summary>All pairs: models, batches 1 and 8, threads 1 and all of two.</summary>
    public static void WritePairs(int runs)
    {
        StringBuilder text = new(Head("Encoding images beside ONNX Runtime", "--tables"));
        text.Append(CultureInfo.InvariantCulture, $"ONNX Runtime {OrtEnv.Instance().GetVersionString()} on the same weights and pixels in single precision, ");
        text.Append(CultureInfo.InvariantCulture, $"in turns, {runs} pairs; times are medians for the whole batch, ");
        text.Append("the ratio is the median of the pairs' ratios (its time over ours).\n\n");
        text.Append("| Model | Batch | Threads | ClipCore ms | ONNX Runtime ms | Ratio | Share of FMA peak | Largest difference |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (string name in PeerModel.Names.Keys)
        {
            using PeerModel model = new(name, null);
            foreach (int batch in (int[])[1, 8])
                foreach (int threads in ThreadCounts())
                {
                    PairResult pair = Pair.Run(model, batch, threads, runs);
                    string row = string.Create(CultureInfo.InvariantCulture,
                        $"| {model.Architecture} | {batch} | {threads} | {pair.OursMs:0.0} | {pair.PeerMs:0.0} | "
                        + $"{pair.Ratio:0.00} | {pair.ShareOfPeak:0.0%} | {pair.MaxDifference:0.0e+0} |");
                    Console.WriteLine(row);
                    text.Append(row).Append('\n');
                }
        }
        Save("peers.md", text);
    }

    /// <summary>The full tensor of effects of one image beside the paper's method.</summary>
    public static void WritePaper(int runs)
    {
        StringBuilder text = new(Head("The decomposition beside the paper's method under PyTorch", "--paper"));
        text.Append("All direct effects of one image (layers × patches × heads), ViT-B/16. ");
        text.Append("Every query: the weighted values of all queries are formed, as in the published code; class token: those of the class token alone.\n\n");
        text.Append("| Threads | ClipCore ms | PyTorch ms, every query | PyTorch ms, class token | Largest difference |\n");
        text.Append("|---:|---:|---:|---:|---:|\n");
        using PeerModel model = new("B16", null);
        foreach (int threads in ThreadCounts())
        {
            PaperDecomposition found = PaperDecomposition.Run(model, threads, runs);
            string row = string.Create(CultureInfo.InvariantCulture,
                $"| {threads} | {found.OursMs:0} | {found.PaperMs:0} | {found.ClassOnlyMs:0} | {found.MaxDifference:0.0e+0} |");
            Console.WriteLine(row);
            text.Append(row).Append('\n');
        }
        Save("paper.md", text);
    }

    static int[] ThreadCounts() => Environment.ProcessorCount > 1 ? [1, 2] : [1];

    static string Head(string title, string command) => $"""
        # {title}

        Printed by `dotnet run -c Release --project bench/ClipCore.Peers -- {command}` on {Machine.Processor},
        {RuntimeInformation.FrameworkDescription}, {(int)IsaTable.Default}-bit registers.


        """.ReplaceLineEndings("\n");

    static void Save(string name, StringBuilder text)
    {
        string folder = Repository.File($"bench/results/{Machine.Slug}");
        Directory.CreateDirectory(folder);
        using OutputFile output = new(Path.Combine(folder, name));
        output.Stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        output.Commit();
    }
}

using System.CommandLine;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Options;
using ClipCore.Cli.Report;
using ClipCore.Cli.Results;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;
using ClipCore.Reports.Plots;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore ablate</c>: what parts of a model are worth, by replacing them with their means.</summary>
static class AblateCommand
{
    const string Protocol = "each part is replaced by its mean over all images; accuracies are over the images with a class (the paper's table 1)";

    public static Command Create()
    {
        Command command = new(
            "ablate", "Accuracy with parts of the model replaced by their means: MLPs, the class token's own attention, attention layer by layer (table 1).");
        EffectArguments effects = new(command);
        Option<string?> components = new("--components")
        {
            Description = "Also replace these: labels or patterns, such as L4.H3,L5.* or *.MLP.",
            HelpName = "LIST",
        };
        command.Options.Add(components);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.OnRun((result, cancellation) =>
        {
            using EffectInput input = effects.Open(result, model, DemoData.Scenes, Judging.Required, cancellation);
            input.RequireLabels();
            LinearClassifier classifier = input.RequireClasses();
            ComponentLabel[] chosen = result.GetValue(components) is { } patterns ? ComponentArguments.Read("--components", patterns, input.Effects) : [];
            input.Effects.Require(chosen);
            AblationTable table;
            double? ablated = null;
            using (Progress progress = new("judging", "images", input.Effects.ImageCount))
            {
                table = MeanAblation.Run(input.Effects, classifier, progress, cancellation);
                if (chosen.Length > 0)
                    ablated = MeanAblation.Accuracy(MeanAblation.Evaluate(
                        input.Effects, classifier, EffectMeans.Of(input.Effects, null, cancellation), chosen, progress, cancellation));
            }
            TextWriter print = json.Text(result);
            print.WriteLine($"{input.Name}: accuracy in percent with parts replaced by their means over {input.Effects.ImageCount} images");
            Judged.Print(print, input);
            Row(print, "nothing", table.Baseline);
            Row(print, "all MLPs", table.Mlps);
            Row(print, "class-token attention", table.ClassAttention);
            Row(print, "both", table.MlpsAndClassAttention);
            for (int layer = 0; layer < table.Cumulative.Length; layer++)
                Row(print, layer == 0 ? "attention 0" : $"attention 0 … {layer}", table.Cumulative[layer]);
            if (ablated != null)
                Row(print, string.Join(' ', chosen), ablated);
            plot.Write(result, () => AblationPlot.Draw(
                table.Baseline, table.Mlps, table.Cumulative, classifier.ClassCount, Path.GetFileName(input.Name), input.Effects.ImageCount));
            AblateResults results = new(
                input.Effects.ImageCount, input.ClassNames, input.Templates, input.ClassesFrom, Protocol, table.Baseline, table.Mlps, table.ClassAttention,
                table.MlpsAndClassAttention, table.Cumulative, [.. chosen.Select(label => label.ToString())], ablated, [.. input.Skipped]);
            json.Write(result, input.Identity, input.Name, results, ResultsContext.Default.EnvelopeAblateResults);
            return input.Code;
        });
        return command;
    }

    static void Row(TextWriter print, string what, double? accuracy) => print.WriteLine($"  {what,-24}{Shares.Two(accuracy),7}");
}

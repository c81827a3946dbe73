using System.CommandLine;
using System.Globalization;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report.Plots;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Numerics;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore ablate</c>: what parts of a model are worth, by replacing them with their means.</summary>
static class AblateCommand
{
    public static Command Create()
    {
        Command command = new("ablate", "Accuracy with parts of the model replaced by their means over the data: all MLPs, the class token's own attention, both, and attention layer by layer (the paper's table 1).");
        EffectArguments effects = new(command);
        Option<string?> components = new("--components") { Description = "Also replace these: labels or patterns, such as L4.H3,L5.* or *.MLP.", HelpName = "LIST" };
        command.Options.Add(components);
        ModelArguments model = new(command);
        PlotOutput plot = new(command);
        JsonOutput json = new(command);
        command.SetAction(result =>
        {
            using EffectInput input = effects.Open(result, model, classAttention: true);
            ComponentLabel[] chosen = result.GetValue(components) is { } patterns ? Labels.Read("--components", patterns, input.Effects) : [];
            AblationTable table = Percent(MeanAblation.Run(input.Effects, input.Classifier));
            double? ablated = chosen.Length == 0 ? null
                : 100 * MeanAblation.Accuracy(MeanAblation.Evaluate(input.Effects, input.Classifier, EffectMeans.Of(input.Effects), chosen));

            TextWriter print = json.Text(result);
            print.WriteLine($"{input.Name}: accuracy in percent with parts replaced by their means over {input.Effects.ImageCount} images");
            Row(print, "nothing", table.Baseline);
            Row(print, "all MLPs", table.Mlps);
            Row(print, "class-token attention", table.ClassAttention);
            Row(print, "both", table.MlpsAndClassAttention);
            for (int layer = 0; layer < table.Cumulative.Length; layer++)
                Row(print, layer == 0 ? "attention 0" : $"attention 0 … {layer}", table.Cumulative[layer]);
            if (ablated != null)
                Row(print, string.Join(' ', chosen), ablated);
            plot.Write(result, () => Draw(table, input));
            json.Write(result, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("baseline", table.Baseline);
                writer.WriteNumber("mlps", table.Mlps);
                if (table.ClassAttention is { } classAttention)
                    writer.WriteNumber("clsAttention", classAttention);
                if (table.MlpsAndClassAttention is { } both)
                    writer.WriteNumber("mlpsAndClsAttention", both);
                writer.WriteStartArray("cumulative");
                foreach (double value in table.Cumulative)
                    writer.WriteNumberValue(value);
                writer.WriteEndArray();
                if (ablated is { } accuracy)
                {
                    writer.WriteStrings("components", chosen.Select(label => label.ToString()));
                    writer.WriteNumber("componentsAblated", accuracy);
                }
                writer.WriteEndObject();
            });
        });
        return command;
    }

    /// <summary>The library's shares as percent.</summary>
    public static AblationTable Percent(AblationTable shares) => new(
        100 * shares.Baseline, 100 * shares.Mlps, 100 * shares.ClassAttention, 100 * shares.MlpsAndClassAttention, [.. shares.Cumulative.Select(share => 100 * share)]);

    /// <summary>The curve over attention layers, beside the levels of baseline and chance.</summary>
    public static Plot Draw(AblationTable table, EffectInput input)
    {
        int layers = table.Cumulative.Length, flat = 0;
        while (flat < layers && table.Cumulative[flat] >= table.Baseline - 2)
            flat++;
        string finding = flat == 0 ? $"Replacing the first attention layer costs {One(table.Baseline - table.Cumulative[0])} points"
            : $"Replacing the first {flat} of {layers} attention layers costs {One(Math.Max(0, table.Baseline - table.Cumulative[flat - 1]))} points";
        Plot plot = new(
            finding, $"accuracy in percent with attention layers 0 … i replaced by their means; {Path.GetFileName(input.Name)}, {input.Effects.ImageCount} images", "last replaced layer i",
            (-1, layers - 1), (0, 100));
        plot.VerticalAxis(0, 20, 40, 60, 80, 100);
        plot.HorizontalAxis([(-1, "none"), .. Enumerable.Range(0, layers).Where(layer => layers <= 12 || layer % 4 == 3).Select(layer => ((double)layer, layer.ToString(CultureInfo.InvariantCulture)))]);
        plot.Level(100.0 / input.Classifier.ClassCount, "chance");
        plot.Curve([(-1, table.Baseline), .. table.Cumulative.Select((value, layer) => ((double)layer, value))], "");
        plot.Level(table.Mlps, "all MLPs replaced");
        return plot;
    }

    static void Row(TextWriter print, string what, double? accuracy) =>
        print.WriteLine($"  {what,-24}{(accuracy is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "-"),7}");

    static string One(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

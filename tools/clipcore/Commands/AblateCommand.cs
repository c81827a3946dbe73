using System.CommandLine;
using System.Globalization;
using ClipCore.Ablation;
using ClipCore.Cli.Data;
using ClipCore.Cli.Report.Plots;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Reports.Plots;

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
            AblationTable table = MeanAblation.Run(input.Effects, input.Classifier);
            double? ablated = chosen.Length == 0 ? null
                : MeanAblation.Percent(MeanAblation.Evaluate(input.Effects, input.Classifier, EffectMeans.Of(input.Effects), chosen));

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

    /// <summary>The curve over attention layers, beside the levels of baseline and chance.</summary>
    public static Plot Draw(AblationTable table, EffectInput input) => AblationPlot.Draw(
        table.Baseline / 100, table.Mlps / 100, [.. table.Cumulative.Select(value => value / 100)], input.Classifier.ClassCount,
        Path.GetFileName(input.Name), input.Effects.ImageCount);

    static void Row(TextWriter print, string what, double? accuracy) =>
        print.WriteLine($"  {what,-24}{(accuracy is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "-"),7}");
}

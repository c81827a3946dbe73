using System.CommandLine;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>The options that say how data is read where it can be read in several ways.</summary>
sealed class DataArguments
{
    readonly Option<bool> _numericFolders = new("--numeric-class-folders")
    {
        Description = "Class folders are called by numbers that count the classes from 0.",
    };

    readonly Option<bool> _labelsAreNames = new("--labels-are-names")
    {
        Description = "Numbers in a list's column of labels are names of classes, as 7 is the name of a digit.",
    };

    readonly Option<string?> _groundTruth = new("--ground-truth")
    {
        Description = "A file with the class of each picture of a flat folder, such as ImageNet's LOC_val_solution.csv (found by itself beside the pictures).",
        HelpName = "FILE",
    };

    readonly Option<bool> _indices = new("--numbers-are-indices") { Description = "Numbers in --ground-truth count the classes from 0." };

    /// <summary>Adds the options to a command.</summary>
    public DataArguments(Command command)
    {
        foreach (Option option in (Option[])[_numericFolders, _labelsAreNames, _groundTruth, _indices])
            command.Options.Add(option);
    }

    /// <summary>Opens pictures as the user says they are laid out.</summary>
    public ImageSet Open(ParseResult result, string path) => ImageSetReader.Open(path, new ImageSetOptions
    {
        NumericClassFolders = result.GetValue(_numericFolders),
        LabelsAreNames = result.GetValue(_labelsAreNames),
        GroundTruth = result.GetValue(_groundTruth) is { } truth ? Given.Path("--ground-truth", truth) : null,
        NumbersAreIndices = result.GetValue(_indices),
    });
}

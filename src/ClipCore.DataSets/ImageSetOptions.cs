namespace ClipCore.DataSets;

/// <summary>How data is read where it can be read in several ways. Immutable, safe for many threads.</summary>
public sealed record ImageSetOptions
{
    /// <summary>
    /// Whether class folders are called by numbers that count the classes of a list given beside, from 0. Otherwise a number is a name like any other.
    /// </summary>
    public bool NumericClassFolders { get; init; }

    /// <summary>Whether labels of a list that are numbers are names of classes all the same, as 7 is the name of a digit.</summary>
    public bool LabelsAreNames { get; init; }

    /// <summary>
    /// A file that says the class of each picture of a flat folder, as ImageNet's validation images have it: <c>LOC_val_solution.csv</c>; or lines of a file's
    /// name, white space and its class; or the classes alone, one a line, in the ordinal order of the files' names. Null to look for
    /// <c>LOC_val_solution.csv</c> in the folder and in the one above.
    /// </summary>
    public string? GroundTruth { get; init; }

    /// <summary>
    /// Whether numbers in <see cref="GroundTruth"/> count the classes of a list given beside, from 0. Otherwise they are refused, since ImageNet's own
    /// <c>ILSVRC2012_validation_ground_truth.txt</c> counts from 1 in an order that no list of classes has.
    /// </summary>
    public bool NumbersAreIndices { get; init; }
}

namespace ClipCore.Cli.Options;

/// <summary>What the library's members are called on the command line: its messages name members, a user types options.</summary>
static class OptionNames
{
    static readonly (string Member, string Option)[] s_names =
    [
        ("ImageSetOptions.NumericClassFolders", "--numeric-class-folders"),
        ("ImageSetOptions.LabelsAreNames", "--labels-are-names"),
        ("ImageSetOptions.GroundTruth", "--ground-truth"),
        ("ImageSetOptions.NumbersAreIndices", "--numbers-are-indices"),
        ("MaskOptions.ForegroundColors", "--mask-colors"),
        ("MaskOptions.IgnoreValue", "--ignore-value"),
        ("MaskOptions.NothingIgnored", "--ignore-value none"),
        ("ClipModelOptions.Preprocess", "--mean, --std and --resize-mode"),
        ("ClipModelOptions.TokenizerPath", "--tokenizer"),
        ("ClipModelOptions.Activation", "--activation"),
        ("CheckpointOptions.Activation", "--activation"),
        ("StoreOptions.LastLayers", "--layers"),
    ];

    /// <summary>The message with options in place of members.</summary>
    public static string In(string message)
    {
        foreach ((string member, string option) in s_names)
            message = message.Replace(member, option, StringComparison.Ordinal);
        return message;
    }
}

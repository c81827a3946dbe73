namespace ClipCore.Checkpoints;

/// <summary>What a configuration file says, and what is odd about it.</summary>
/// <param name="Config">The architecture.</param>
/// <param name="Names">Names of the checkpoint that the file mentions.</param>
/// <param name="Oddities">Lines for people.</param>
/// <param name="ActivationConflict">Why the activation is not sure; null when it is.</param>
sealed record ConfigReading(ClipConfig Config, IReadOnlyList<string> Names, IReadOnlyList<string> Oddities, string? ActivationConflict = null)
{
    /// <summary>
    /// What is missing for knowing how pictures are prepared; null when it is known. A configuration without any, or without mean and
    /// deviation, would be followed with values that may be another model's.
    /// </summary>
    public string? PreprocessFault { get; init; }

    /// <summary>Whether texts are to be cut by another tokenizer than CLIP's, and how the file says so; null when they are not.</summary>
    public string? OtherTokenizer { get; init; }

    /// <summary>Reads either kind of configuration, told apart by its fields.</summary>
    /// <exception cref="CheckpointException">It is malformed, invalid or of a model that is not supported.</exception>
    public static ConfigReading Parse(string source, ReadOnlySpan<byte> json, string preprocessorSource, byte[]? preprocessorJson)
    {
        JsonFields fields = JsonFields.Parse(source, json);
        ConfigReading reading = fields.Has("model_cfg") || fields.Has("vision_cfg") || fields.Has("text_cfg") || fields.Has("embed_dim")
            ? OpenClipConfig.Read(fields)
            : HuggingFaceConfig.Read(fields);
        reading.Config.Check(source);
        return preprocessorJson == null ? reading : reading.Complete(JsonFields.Parse(preprocessorSource, preprocessorJson));
    }

    /// <summary>Takes the preprocessing from Hugging Face's file where the configuration does not say it.</summary>
    /// <exception cref="CheckpointException">The file is malformed, or says something that is not supported.</exception>
    public ConfigReading Complete(JsonFields preprocessor)
    {
        if (PreprocessFault == null || Config.Vision == null)
            return this;
        ConfigReading reading = this with { Config = Config with { Preprocess = HuggingFacePreprocess.Read(preprocessor) }, PreprocessFault = null };
        reading.Config.Check(preprocessor.Source);
        return reading;
    }

    /// <summary>The line about fields that nobody read.</summary>
    public static void NoteUnread(List<string> oddities, JsonFields fields)
    {
        string[] unread = [.. fields.Unread];
        if (unread.Length > 0)
            oddities.Add($"{System.IO.Path.GetFileName(fields.Source)}: unknown fields are ignored: {string.Join(", ", unread)}");
    }
}

namespace ClipCore.Checkpoints;

/// <summary>What a configuration file says, and what is odd about it.</summary>
/// <param name="Config">The architecture.</param>
/// <param name="Names">Names of the checkpoint that the file mentions.</param>
/// <param name="Oddities">Lines for people.</param>
/// <param name="ActivationConflict">Why the activation is not sure; null when it is.</param>
sealed record ConfigReading(ClipConfig Config, IReadOnlyList<string> Names, IReadOnlyList<string> Oddities, string? ActivationConflict = null)
{
    /// <summary>Reads either kind of configuration, told apart by its fields.</summary>
    /// <exception cref="CheckpointException">It is malformed, invalid or of a model that is not supported.</exception>
    public static ConfigReading Parse(string source, ReadOnlySpan<byte> json, string preprocessorSource, byte[]? preprocessorJson)
    {
        JsonFields fields = JsonFields.Parse(source, json);
        ConfigReading reading = fields.Has("model_cfg") || fields.Has("vision_cfg") || fields.Has("text_cfg") || fields.Has("embed_dim")
            ? OpenClipConfig.Read(fields)
            : HuggingFaceConfig.Read(fields, preprocessorJson == null ? null : JsonFields.Parse(preprocessorSource, preprocessorJson));
        reading.Config.Check(source);
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

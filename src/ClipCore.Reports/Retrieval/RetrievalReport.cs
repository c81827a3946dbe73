namespace ClipCore.Reports.Retrieval;

/// <summary>
/// What a search asked and found: what <see cref="RetrievalSheet"/> and <see cref="RetrievalPage"/> show. Immutable, and so safe for many threads.
/// </summary>
public sealed record RetrievalReport
{
    /// <summary>The terms of the question in words, such as "dog.png by L4.H3".</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>What a score means, as a sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>How many images were searched.</summary>
    public required int ImageCount { get; init; }

    /// <summary>The pictures that were asked with; none for questions of texts alone.</summary>
    public IReadOnlyList<RetrievalPicture> Queries { get; init; } = [];

    /// <summary>The images found, the best first.</summary>
    public IReadOnlyList<RetrievalPicture> Found { get; init; } = [];

    /// <summary>How well all captions or classes were answered; none where this was not asked.</summary>
    public IReadOnlyList<RecallRow> Recall { get; init; } = [];
}

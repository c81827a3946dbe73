namespace ClipCore.Retrieval;

/// <summary>What a term of a search asks for.</summary>
public enum SearchKind
{
    /// <summary>Images that speak for a text.</summary>
    Text,

    /// <summary>Images like one of the set.</summary>
    Image,

    /// <summary>Images like a picture that need not belong to the set.</summary>
    Picture,
}

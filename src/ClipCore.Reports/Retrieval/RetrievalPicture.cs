using ClipCore.Images;

namespace ClipCore.Reports.Retrieval;

/// <summary>A picture that was asked with or found.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Image">The picture as the model sees it.</param>
/// <param name="Score">Its score; null for one that was asked with.</param>
/// <param name="Note">What it was compared by, or what is known of it, such as its caption or class; may be empty.</param>
public sealed record RetrievalPicture(string Name, PreparedImage Image, double? Score, string Note);

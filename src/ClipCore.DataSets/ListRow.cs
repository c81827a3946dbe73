namespace ClipCore.DataSets;

/// <summary>One image of a list, as it is written there; an empty text is a value that is missing.</summary>
/// <param name="Place">Where it stands, for messages, such as <c>line 3</c>.</param>
/// <param name="Image">Path of the picture.</param>
/// <param name="Label">Its class.</param>
/// <param name="Attribute">Its second label.</param>
/// <param name="Mask">Path of its mask.</param>
/// <param name="Split">Its split.</param>
/// <param name="Caption">What it shows.</param>
sealed record ListRow(string Place, string Image, string Label, string Attribute, string Mask, string Split, string Caption);

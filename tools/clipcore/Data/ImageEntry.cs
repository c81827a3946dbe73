using System.Globalization;
using System.Text.Json;

namespace ClipCore.Cli.Data;

/// <summary>One picture of a data set.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">Its class; −1 without one.</param>
/// <param name="Attribute">A second label, such as the background; −1 without one.</param>
/// <param name="Mask">The file of its mask; null without one.</param>
/// <param name="Split">The split it belongs to; empty without one.</param>
/// <param name="Caption">What it shows, in words; empty without one.</param>
sealed record ImageEntry(string Path, int Label = -1, int Attribute = -1, string? Mask = null, string Split = "", string Caption = "");

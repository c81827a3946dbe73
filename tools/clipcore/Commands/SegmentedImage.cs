using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClipCore.Segmentation;

namespace ClipCore.Cli.Commands;

/// <summary>One picture's mask; its scores by each method where there is a truth.</summary>
sealed record SegmentedImage(int Class, HeatmapMask Mask, MaskScore[]? Scores);

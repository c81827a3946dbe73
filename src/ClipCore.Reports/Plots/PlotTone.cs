namespace ClipCore.Reports.Plots;

/// <summary>The colours of a plot.</summary>
public enum PlotTone
{
    /// <summary>What the plot is about: blue.</summary>
    Main,

    /// <summary>What it is compared with: orange red.</summary>
    Second,

    /// <summary>Baselines and random draws: grey.</summary>
    Quiet,
}

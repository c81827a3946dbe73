using System.Text;

namespace ClipCore.Reports.Pages.Parts;

/// <summary>The legend of signed colours: steps from one end of the scale to the other, the values at its ends, and the unit.</summary>
static class MapLegend
{
    const int Steps = 7;

    /// <summary>The legend as HTML.</summary>
    /// <param name="scale">The value of full colour.</param>
    /// <param name="unit">What the values are.</param>
    public static string Html(float scale, string unit)
    {
        StringBuilder steps = new();
        for (int i = -Steps; i <= Steps; i++)
            steps.Append($"<i class=\"cell {SignedCell.Tone(i)}\" style=\"--v:{SignedCell.Strength(i, Steps)}\"></i>");
        return $"<div class=\"legend small\"><span class=\"end\">{Format.Signed(-scale)}</span><span class=\"steps\" aria-hidden=\"true\">{steps}</span>"
            + $"<span class=\"end\">{Format.Signed(scale)}</span><span>{unit}</span></div>";
    }
}

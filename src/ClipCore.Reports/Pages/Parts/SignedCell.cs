namespace ClipCore.Reports.Pages.Parts;

/// <summary>How a signed value colours an element of class <c>cell</c>.</summary>
static class SignedCell
{
    /// <summary>The class that gives the hue.</summary>
    public static string Tone(double value) => value >= 0 ? "plus" : "minus";

    /// <summary>The value of <c>--v</c>, the strength of the colour.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scale">The value of full colour.</param>
    public static string Strength(double value, double scale) => Format.Css(Math.Min(Math.Abs(value) / scale, 1));
}

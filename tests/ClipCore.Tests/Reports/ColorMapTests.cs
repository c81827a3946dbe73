using ClipCore.Reports.Pictures;

namespace ClipCore.Tests.Reports;

sealed class ColorMapTests
{
    [Test]
    public void TransferFunction_IsTheStandards([Range(0, 255, 5)] int value)
    {
        double share = value / 255.0, expected = share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        Assert.That(Srgb.ToLinear((byte)value), Is.EqualTo(expected).Within(1e-14));
        Assert.That(Srgb.FromLinear(expected), Is.EqualTo(value));
    }

    [Test]
    public void OkLab_GivesItsPublishedColors()
    {
        // White and the primaries, from the conversion's inverse in double.
        Assert.That(new OkLab(1, 0, 0).ToRgb(), Is.EqualTo(Rgb.White));
        Assert.That(new OkLab(0, 0, 0).ToRgb(), Is.EqualTo(Rgb.Black));
        Assert.That(new OkLab(0.62795536, 0.22486306, 0.1258463).ToRgb(), Is.EqualTo(new Rgb(255, 0, 0)));
    }

    [Test]
    public void Sequential_GrowsLighterAllTheWay()
    {
        double last = -1;
        for (int i = 0; i <= 100; i++)
        {
            double light = Light(ColorMap.Sequential[i / 100f]);
            Assert.That(light, Is.GreaterThan(last - 1e-3), $"at {i} %");
            last = light;
        }
    }

    [Test]
    public void Diverging_IsNeutralInTheMiddle_BlueBelow_OrangeAbove()
    {
        Rgb middle = ColorMap.Diverging[0], low = ColorMap.Diverging[-1], high = ColorMap.Diverging[1];
        Assert.That(Math.Max(middle.Red, Math.Max(middle.Green, middle.Blue)) - Math.Min(middle.Red, Math.Min(middle.Green, middle.Blue)), Is.LessThan(4));
        Assert.That(low.Blue, Is.GreaterThan(low.Red + 60));
        Assert.That(high.Red, Is.GreaterThan(high.Blue + 60));
        Assert.That(ColorMap.Diverging[5], Is.EqualTo(high));
        Assert.That(ColorMap.Diverging[float.NaN], Is.EqualTo(new Rgb(128, 128, 128)));
    }

    [Test]
    public void Heatmap_ColorsCellsBySignAndSize()
    {
        Heatmap map = new([1, -1, 0.5f, 0], 2, 2, 1);
        byte[] rgba = map.ToRgba();
        Assert.That((rgba[3], rgba[7], rgba[11], rgba[15]), Is.EqualTo(((byte)255, (byte)255, (byte)128, (byte)0)));
        Canvas canvas = new(4, 4, Rgb.White);
        map.DrawOver(canvas, 0, 0, 4, strength: 1);
        Assert.That(canvas[0, 0], Is.EqualTo(Heatmap.Positive));
        Assert.That(canvas[3, 1], Is.EqualTo(Heatmap.Negative));
        Assert.That(canvas[3, 3], Is.EqualTo(Rgb.White));
    }

    [Test]
    public void ContactSheet_CutsCaptionsThatAreTooLong()
    {
        Assert.That(ContactSheet.Fit("short", 100), Is.EqualTo("short"));
        Assert.That(ContactSheet.Fit(new string('x', 100), 120), Is.EqualTo("xxxxxxx..."));
        ContactSheet sheet = new(20, 2, "title");
        sheet.Add(new Canvas(20, 20, Rgb.Black), "a", "b");
        Assert.That(sheet.Draw().Width, Is.EqualTo(44));
        Assert.That(() => sheet.Add(new Canvas(21, 20, Rgb.Black)), Throws.ArgumentException);
    }

    static double Light(Rgb color) =>
        (0.2126 * Srgb.ToLinear(color.Red)) + (0.7152 * Srgb.ToLinear(color.Green)) + (0.0722 * Srgb.ToLinear(color.Blue));
}

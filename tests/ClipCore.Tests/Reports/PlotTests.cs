using System.Globalization;
using System.Xml.Linq;
using ClipCore.Decomposition;
using ClipCore.Reports.Plots;

namespace ClipCore.Tests.Reports;

sealed class PlotTests
{
    const double Top = 72, Bottom = 420 - 52;

    static XElement Draw(Plot plot) => XDocument.Parse(plot.ToSvg()).Root!;

    static string Title(XElement svg) => svg.Elements().Single(element => element.Name.LocalName == "title").Value;

    static double[] Numbers(XElement svg, string name, string kind, string attribute) =>
    [
        .. svg.Elements().Where(element => element.Name.LocalName == name && ((string)element.Attribute("class")!).Contains(kind, StringComparison.Ordinal))
            .Select(element => double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Where a share of 0 to 1 lies on the vertical axis, which shows percent.</summary>
    static double At(double share) => Bottom - (share * (Bottom - Top));

    [Test]
    public void Ablation_TellsTheLossOfTheFlatPart_AndDrawsShares()
    {
        XElement svg = Draw(AblationPlot.Draw(0.8, 0.78, [0.8, 0.79, 0.5], 4, "birds", 10));
        Assert.That(Title(svg), Is.EqualTo("Replacing the first 2 of 3 attention layers costs 1.0 points"));
        Assert.That(Numbers(svg, "circle", "dot", "cy"), Is.EqualTo((double[])[At(0.8), At(0.8), At(0.79), At(0.5)]).Within(1e-3));
        Assert.That(Numbers(svg, "line", "level", "y1"), Is.EqualTo((double[])[At(0.25), At(0.78)]).Within(1e-3));
        Assert.That(Title(Draw(AblationPlot.Draw(0.8, 0.78, [0.1], 4, "birds", 10))), Is.EqualTo("Replacing the first attention layer costs 70.0 points"));
    }

    [Test]
    public void TextSpan_TellsWhatTheMostTextsKeep()
    {
        TextSpanPoint[] points = [new(1, 0.3, 0.2, [0.1, 0.15]), new(20, 0.75, 0.5, [0.2, 0.25])];
        XElement svg = Draw(TextSpanPlot.Draw(0.8, points, 10, 4));
        Assert.That(Title(svg), Is.EqualTo("20 texts a head keep 75.0 of 80.0 points"));
        Assert.That(Numbers(svg, "circle", "tone2", "cy"), Is.EqualTo((double[])[At(0.1), At(0.15), At(0.2), At(0.25)]).Within(1e-3));
    }

    [Test]
    public void Spurious_NamesOneHead_AndCountsSeveral()
    {
        ComponentLabel head = ComponentLabel.OfHead(4, 3);
        XElement svg = Draw(SpuriousPlot.Draw([head], 0.5, 0.725, [0.4, 0.6]));
        Assert.That(Title(svg), Is.EqualTo("Replacing L4.H3 takes the worst group from 50.0 to 72.5"));
        Assert.That(Numbers(svg, "rect", "bar", "y"), Is.EqualTo((double[])[At(0.5), At(0.725)]).Within(1e-3));
        Assert.That(Title(Draw(SpuriousPlot.Draw([head, head], 0.5, 0.5, []))), Does.StartWith("Replacing 2 heads"));
    }

    [Test]
    public void Segmentation_ComparesTheFirstMethodWithTheSecond()
    {
        SegmentationScores[] methods = [new("decomposition", 0.9, 0.7, 0.8), new("raw attention", 0.6, 0.4, 0.5)];
        XElement svg = Draw(SegmentationPlot.Draw(methods, 12));
        Assert.That(Title(svg), Is.EqualTo("Mean IoU is 70.0 by the decomposition and 40.0 by raw attention"));
        Assert.That(Numbers(svg, "rect", "tone0", "y"), Is.EqualTo((double[])[At(0.9), At(0.7), At(0.8)]).Within(1e-3));
        Assert.That(() => SegmentationPlot.Draw(methods[..1], 12), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Atlas_ColoursTheHeadsOfOneFactor()
    {
        AtlasPoint[] heads = [new(ComponentLabel.OfHead(4, 0), 0.25, 10, true), new(ComponentLabel.OfHead(4, 1), 0.5, 8, false),
            new(ComponentLabel.OfHead(5, 0), 0.75, 9, false)];
        XElement svg = Draw(AtlasPlot.Draw(heads, 6, 2));
        Assert.That(Title(svg), Is.EqualTo("10 texts explain 25 to 75 % of what a head says"));
        Assert.That(Numbers(svg, "circle", "tone1", "cy"), Is.EqualTo((double[])[At(0.25)]).Within(1e-3));
        Assert.That(svg.ToString(), Does.Contain("(1 of 3 heads)"));
        Assert.That(AtlasPlot.Draw([.. heads.Select(head => head with { IsAboutOneFactor = null })], 6, 2).ToSvg(), Does.Not.Contain("one factor"));
    }

    [Test]
    public void Texts_AreEscaped()
    {
        Plot plot = new("a <b> & \"c\"", "<i>", "x", (0, 1), (0, 1));
        plot.Level(0.5, "<svg>");
        Assert.That(Title(Draw(plot)), Is.EqualTo("a <b> & \"c\""));
    }

    [Test]
    public void Labels_NeverTouch()
    {
        Plot plot = new("t", "s", "x", (0, 1), (0, 1));
        foreach (double value in (double[])[0.5, 0.501, 0.502])
            plot.Level(value, $"level {value}");
        double[] heights =
        [
            .. Draw(plot).Elements().Where(element => element.Value.StartsWith("level", StringComparison.Ordinal))
                .Select(element => double.Parse((string)element.Attribute("y")!, CultureInfo.InvariantCulture)),
        ];
        Assert.That(heights, Has.Length.EqualTo(3));
        Assert.That(heights[1] - heights[0], Is.GreaterThanOrEqualTo(14.99));
        Assert.That(heights[2] - heights[1], Is.GreaterThanOrEqualTo(14.99));
    }
}

using System.Text.RegularExpressions;
using ClipCore.Images;
using ClipCore.Reports;
using ClipCore.Reports.Pages;
using ClipCore.Reports.Pictures;
using ClipCore.Reports.Plots;
using ClipCore.Reports.Reproduction;
using ClipCore.Reports.Retrieval;

namespace ClipCore.Tests.Reports;

sealed class PageTests
{
    static PreparedImage Image(int size = 8) => new(new byte[size * size * 3], size, new PictureRectangle(0, 0, size, size), size, size);

    [Test]
    public void Reproduction_ShowsSharesInPercent_CountsAsTheyAre_AndDashesWhereNothingIsKnown()
    {
        Plot plot = new("finding", "", "", (0, 1), (0, 1));
        string page = ReproductionPage.Write(
            [
                new ReproducedNumber("table <1>", "accuracy", 0.7022, 0.7, "paper"),
                new ReproducedNumber("table <1>", "heads", 12, 24, "card", IsCount: true),
                new ReproducedNumber("table 2", "unknown", 0.5, null, "nobody"),
            ],
            [("ablation.svg", plot)]);
        Assert.That(Regex.Count(page, "<table"), Is.EqualTo(2));
        Assert.That(page, Does.Contain("<h2>table &lt;1&gt;</h2>"));
        Assert.That(page, Does.Contain("<th scope=\"row\">accuracy</th><td class=\"number\">70.22</td><td class=\"number\">70.00</td><td>paper</td>"));
        Assert.That(page, Does.Contain("<th scope=\"row\">heads</th><td class=\"number\">12</td><td class=\"number\">24</td><td>card</td>"));
        Assert.That(page, Does.Contain("<td class=\"number\">50.00</td><td class=\"number\">&#8211;</td><td></td>")
            .Or.Contain("<td class=\"number\">–</td><td></td>"));
        Assert.That(page, Does.Contain("data:image/svg+xml;base64,"));
        Assert.That(page, Does.Not.Contain("nobody"));
    }

    [Test]
    public void Retrieval_ShowsWhatWasAskedAndFound_Escaped()
    {
        RetrievalReport report = new()
        {
            Terms = ["a.png by L4.H3", "“<b>” by the whole representation"],
            Meaning = "The score is a sum.",
            ImageCount = 40,
            Queries = [new RetrievalPicture("a.png", Image(), null, "L4.H3")],
            Found = [new RetrievalPicture("x&y.png", Image(), 0.25, "a <duck>"), new RetrievalPicture("z.png", Image(), 0.125, "")],
            Recall = [new RecallRow("7 captions", 0.5, 0.75, 1)],
        };
        string page = RetrievalPage.Write(report);
        Assert.That(Regex.Count(page, "<figure>"), Is.EqualTo(3));
        Assert.That(page, Does.Contain("<strong>x&amp;y.png</strong> comes first with 0.250."));
        Assert.That(page, Does.Contain(
            "<th scope=\"row\">7 captions</th><td class=\"number\">0.500</td><td class=\"number\">0.750</td><td class=\"number\">1.000</td>"));
        Assert.That(page, Does.Not.Contain("<b>").And.Not.Contain("<duck>"));
        Assert.That(page, Does.Not.Contain("{{"), "every colour of the style sheet is filled in");
        Assert.That(RetrievalSheet.Draw(report).Width, Is.EqualTo(12 + (3 * (192 + 12))));
    }

    [Test]
    public void Retrieval_WithoutAnswers_SaysSo()
    {
        RetrievalReport report = new() { Terms = ["x"], Meaning = "", ImageCount = 0 };
        Assert.That(RetrievalPage.Write(report), Does.Contain("no image"));
        Assert.That(RetrievalSheet.Draw(report).Width, Is.GreaterThan(0));
    }

    [Test]
    public void MaskSheet_DarkensTheBackgroundOnly()
    {
        byte[] white = new byte[4 * 4 * 3];
        Array.Fill(white, (byte)255);
        PreparedImage image = new(white, 4, new PictureRectangle(0, 0, 4, 4), 4, 4);
        bool[] left = [.. Enumerable.Range(0, 16).Select(i => i % 4 < 2)];
        Canvas sheet = MaskSheet.Draw([new MaskPicture(image, left, "a.png", "duck")], 1);
        int top = Enumerable.Range(0, sheet.Height).First(y => sheet[12 + 150, y].Red < 100);
        Assert.That(sheet[12 + 10, top], Is.EqualTo(Rgb.White));
        Assert.That(sheet[12 + 95, top + 191], Is.EqualTo(Rgb.White));
        Assert.That(sheet[12 + 96, top].Red, Is.LessThan(80));
        Assert.That(() => MaskSheet.Draw([new MaskPicture(image, new bool[9])], 1), Throws.ArgumentException.With.Message.Contains("4 × 4"));
    }

    [Test]
    public void MaskSheet_OfManyPictures_ReadsNoMoreThanItShows()
    {
        int read = 0;
        IEnumerable<MaskPicture> Pictures()
        {
            for (int i = 0; i < 1000; i++)
            {
                read++;
                yield return new MaskPicture(Image(1), [true]);
            }
        }

        MaskSheet.Draw(Pictures(), 1000);
        Assert.That(read, Is.EqualTo(200));
    }

    [Test]
    public void Formats_AreThoseOfPeople()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Format.Signed(-0.01234), Is.EqualTo("−0.0123"));
            Assert.That(Format.Signed(0), Is.EqualTo("+0.000000"));
            Assert.That(Format.Points(0.7022, 2), Is.EqualTo("70.22"));
            Assert.That(Format.Probability(0.9999), Is.EqualTo("0.9999"));
            Assert.That(Format.Count(3181), Is.EqualTo("3,181"));
            Assert.That(HtmlPage.Escape("<&\">"), Is.EqualTo("&lt;&amp;&quot;&gt;"));
        }
    }
}

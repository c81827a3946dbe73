using System.Text;
using ClipCore.DataSets;

namespace ClipCore.Tests.DataSets;

/// <summary>Lists of images in all their spellings.</summary>
public class ImageListsTests
{
    static ImageSet Parse(string name, string text, ImageSetOptions? options = null) => ImageLists.Parse(name, Encoding.UTF8.GetBytes(text), "/data", options);

    static int[] Labels(ImageSet set) => [.. set.Entries.Select(entry => entry.Label)];

    [Test]
    public void Load_LabelsAsFloats_EqualThoseAsIntegers()
    {
        int[] expected = Labels(ImageLists.Load(CaseFiles.Path("lists/labels-int.csv")));
        Assert.That(expected, Has.Length.EqualTo(120).And.No.Member(-1));
        ImageSet floats = ImageLists.Load(CaseFiles.Path("lists/labels-float.csv"));
        Assert.That(floats.ClassNames, Is.Empty);
        Assert.That(Labels(floats), Is.EqualTo(expected));
    }

    [Test]
    public void Load_MissingLabels_AreNone()
    {
        int[] all = Labels(ImageLists.Load(CaseFiles.Path("lists/labels-int.csv")));
        ImageSet minus = ImageLists.Load(CaseFiles.Path("lists/labels-minus.csv")), nulls = ImageLists.Load(CaseFiles.Path("lists/labels-null.json"));
        Assert.That(minus.ClassNames.Concat(nulls.ClassNames), Is.Empty);
        Assert.That(Labels(minus).Count(label => label == -1), Is.EqualTo(5));
        for (int i = 0; i < nulls.Count; i++)
            Assert.That(nulls.Entries[i].Label, Is.EqualTo(i % 10 == 0 ? -1 : all[i]), $"image {i}");
        Assert.That(Labels(ImageLists.Load(CaseFiles.Path("lists/one-label-missing.csv"))), Is.EqualTo((int[])[0, -1, 2]));
    }

    [Test]
    public void Load_NullsInJson_AreMissing()
    {
        ImageSet set = ImageLists.Load(CaseFiles.Path("lists/nulls.json"));
        Assert.That(set.ClassNames, Is.EqualTo((string[])["duck"]));
        Assert.That(Labels(set), Is.EqualTo((int[])[0, -1]));
        Assert.That(set.Entries.Select(entry => (entry.Mask, entry.Split, entry.Caption)), Is.All.EqualTo(((ImageSource?)null, "", "")));
        Assert.That(set.Entries[0].Image.Decode().Width, Is.EqualTo(512));
    }

    [Test]
    public void Load_ByteOrderMark_IsPassedOver()
    {
        Assert.That(Labels(ImageLists.Load(CaseFiles.Path("lists/byte-order-mark.json"))), Is.EqualTo((int[])[0]));
        foreach (string name in (string[])["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt"])
        {
            string text = name.Split('.')[1] switch { "csv" or "tsv" => "image\na.png\n", "json" => "[\"a.png\"]", "jsonl" => "\"a.png\"", _ => "a.png" };
            Assert.That(Parse(name, '\uFEFF' + text).Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["/data/a.png"]), name);
        }
    }

    [Test]
    public void Load_LineBreakInAQuotedField_BelongsToTheField()
    {
        ImageSet set = ImageLists.Load(CaseFiles.Path("lists/caption-with-line-break.csv"));
        Assert.That(set.Entries.Select(entry => entry.Caption), Is.EqualTo((string[])["a duck, seen\nin a forest", "said \"quack\""]));
        Assert.That(() => Parse("a.csv", "image,label,caption\na.png,0,\"two\nlines\"\nb.png,0\n"),
            Throws.TypeOf<DataSetException>().With.Message.Contains("line 4: 2 fields"));
    }

    [TestCase("3")]
    [TestCase("+3")]
    [TestCase("3.0")]
    [TestCase("3.00")]
    [TestCase("3.")]
    [TestCase("3e0")]
    [TestCase("0.3E1")]
    [TestCase("003")]
    [TestCase("\" 3 \"")]
    public void Labels_AnySpellingOfANumber_IsThatNumber(string spelling) =>
        Assert.That(Labels(Parse("a.csv", $"image,label\na.png,{spelling}\nb.png,10\n")), Is.EqualTo((int[])[3, 10]));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("NaN")]
    [TestCase("nan")]
    [TestCase("NA")]
    [TestCase("N/A")]
    [TestCase("None")]
    [TestCase("-1")]
    [TestCase("-1.0")]
    public void Labels_AnySpellingOfMissing_IsNone_AmongNumbersAndWords(string spelling)
    {
        Assert.That(Labels(Parse("a.csv", $"image,label\na.png,{spelling}\nb.png,10\n")), Is.EqualTo((int[])[-1, 10]));
        ImageSet words = Parse("a.csv", $"image,label\na.png,{spelling}\nb.png,owl\nc.png,ant\n");
        Assert.That(words.ClassNames, Is.EqualTo((string[])["ant", "owl"]));
        Assert.That(Labels(words), Is.EqualTo((int[])[-1, 1, 0]));
    }

    [TestCase("3.5", "line 2: '3.5'")]
    [TestCase("-2", "line 2: '-2'")]
    [TestCase("1e20", "line 2: '1e20'")]
    [TestCase("ten", "'ten' (line 2) is a word, but '10' (line 3) is a number")]
    [TestCase("Infinity", "'Infinity' (line 2) is a word")]
    public void Labels_ThatAreNone_AreRefusedWithLineAndValue(string value, string message) =>
        Assert.That(() => Parse("a.csv", $"image,label\na.png,{value}\nb.png,10\n"), Throws.TypeOf<DataSetException>().With.Message.Contains(message));

    [Test]
    public void Labels_NumbersAsNames_WhenAskedFor()
    {
        ImageSet set = Parse("a.csv", "image,label\na.png,10\nb.png,9\nc.png,\n", new ImageSetOptions { LabelsAreNames = true });
        Assert.That(set.ClassNames, Is.EqualTo((string[])["10", "9"]));
        Assert.That(Labels(set), Is.EqualTo((int[])[0, 1, -1]));
    }

    [Test]
    public void Columns_GoByTheirNames()
    {
        ImageSet set = Parse("a.tsv", "Y\tgroup\tsplit\tPATH\textra\tmask\ttext\nowl\tsea\ttest\tx/a.png\t?\tm.png\ta, b\nant\tland\t\t/b.png\t\t\t\n");
        Assert.That(set.Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["/data/x/a.png", "/b.png"]));
        Assert.That((set.Entries[0].Label, set.Entries[0].Attribute, set.Entries[0].Split, set.Entries[0].Caption), Is.EqualTo((1, 1, "test", "a, b")));
        Assert.That(set.Entries[0].Mask!.Name, Is.EqualTo("/data/m.png"));
        Assert.That(set.Entries[1].Mask, Is.Null);
        Assert.That(set.AttributeNames, Is.EqualTo((string[])["land", "sea"]));
    }

    [TestCase("a.csv", "image,label\na.png\n", "line 2: 1 fields")]
    [TestCase("a.csv", "image,label\na.png,1,2\n", "line 2: 3 fields")]
    [TestCase("a.csv", "image;label\na.png;1\n", "none is called image")]
    [TestCase("a.csv", "image,image\na.png,a.png\n", "2 times")]
    [TestCase("a.csv", "image,label\n", "lists no image")]
    [TestCase("a.csv", "image,caption\na.png,\"open\n", "quotation mark")]
    [TestCase("a.csv", "image,label\n,1\n", "line 2: there is no path")]
    [TestCase("a.json", "[]", "lists no image")]
    [TestCase("a.json", "[{\"label\":1}]", "entry 1 has no image")]
    [TestCase("a.json", "[\"a.png\",3]", "entry 2 is neither")]
    [TestCase("a.json", "[{\"image\":\"a.png\",\"label\":[1]}]", "entry 1: label must be")]
    [TestCase("a.json", "[\"a.png\"", "is no JSON")]
    [TestCase("a.json", "{\n\"classes\": [\"cat\"]\n}", "entry 1 has no image")]
    [TestCase("a.json", "[\"\\ud800\"]", "no Unicode")]
    [TestCase("a.jsonl", "\"a.png\"\n{\"image\"", "line 2 is no JSON")]
    [TestCase("a.txt", "\n", "lists no image")]
    [TestCase("a.xml", "<a/>", "is no list")]
    public void Parse_WhatIsNoList_IsRefusedInOneLine(string name, string text, string message) => Assert.That(
        () => Parse(name, text), Throws.TypeOf<DataSetException>().With.Message.Contains(message).And.Message.StartsWith(name).And.Message.Not.Contains("\n"));

    [Test]
    public void Parse_BytesThatAreNoUtf8_AreRefused() =>
        Assert.That(() => ImageLists.Parse("a.csv", [(byte)'i', 0xE9], "/"), Throws.TypeOf<DataSetException>().With.Message.Contains("UTF-8"));

    [Test]
    public void Parse_JsonLines_AlsoUnderTheNameOfJson_AndNaN()
    {
        ImageSet set = Parse("a.json", "{\"image\":\"NaN.png\",\"label\":NaN}\n{\"image\":\"b\\\".png\",\"label\":2.0}\n");
        Assert.That(set.Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["/data/NaN.png", "/data/b\".png"]));
        Assert.That(Labels(set), Is.EqualTo((int[])[-1, 2]));
    }

    [Test]
    public void Parse_WindowsLineEnds_AreLineEnds()
    {
        Assert.That(Labels(Parse("a.csv", "image,label\r\na.png,1\r\n\r\nb.png,2\r\n")), Is.EqualTo((int[])[1, 2]));
        Assert.That(Parse("a.txt", "a.png\r\n\r\nb.png\r\n").Count, Is.EqualTo(2));
    }
}

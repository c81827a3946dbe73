using System.Text;
using ClipCore.DataSets;

namespace ClipCore.Tests.DataSets;

/// <summary>Lists of classes: their files, and how data is matched with them.</summary>
public class ClassListTests
{
    static ClassList Parse(string name, string text) => ClassList.Parse(name, Encoding.UTF8.GetBytes(text));

    static ImageSet Set(string[] classes, params int[] labels) =>
        new("data", [.. labels.Select((label, i) => new ImageEntry(ImageSource.OfFile($"{i}.png")) { Label = label })], classes);

    [Test]
    public void Load_ModelsList_HasPromptsAndTemplates()
    {
        ClassList list = ClassList.Load(TestData.Demo("classes.json"));
        Assert.That(list.Count, Is.EqualTo(64));
        Assert.That((list.Names[0], list.Prompts[0]), Is.EqualTo(("dog", "a dog")));
        Assert.That(list.Templates, Has.Count.EqualTo(5));
        Assert.That(list.Ids, Is.Null);
    }

    [Test]
    public void Load_SynsetMapping_HasIdsAndFirstNames()
    {
        ClassList list = Parse("LOC_synset_mapping.txt", "n01440764 tench, Tinca tinca\nn02012849 crane\n");
        Assert.That(list.Names, Is.EqualTo((string[])["tench", "crane"]));
        Assert.That(list.Ids, Is.EqualTo((string[])["n01440764", "n02012849"]));
        Assert.That(ClassList.Load(CaseFiles.Path("lists/wordnet-mapping.txt")).Names[15], Is.EqualTo("whale"));
    }

    [Test]
    public void Parse_Forms()
    {
        Assert.That(Parse("a.txt", "\uFEFFred fox\r\n\nowl\n").Names, Is.EqualTo((string[])["red fox", "owl"]));
        ClassList tabs = Parse("a.tsv", "7\tred fox, Vulpes\nx\towl\n");
        Assert.That((tabs.Names[0], tabs.Ids![0]), Is.EqualTo(("red fox, Vulpes", "7")));
        Assert.That(ClassList.Load(CaseFiles.Path("lists/classes-byte-order-mark.json")).Names, Is.EqualTo((string[])["duck", "car"]));
        ClassList json = Parse("a.json", """{"classes":[{"name":"owl","prompt":"an owl","id":"n1"},{"name":"ant","id":"n2"}],"templates":["{}!"]}""");
        Assert.That(json.Prompts, Is.EqualTo((string[])["an owl", "ant"]));
        Assert.That(json.Ids, Is.EqualTo((string[])["n1", "n2"]));
        Assert.That(json.Templates, Is.EqualTo((string[])["{}!"]));
        Assert.That(Parse("a.json", """{"classes":["owl"],"templates":null}""").Templates, Is.Null);
    }

    [TestCase("a.txt", "", "is empty")]
    [TestCase("a.txt", "n01440764\nn01443537\n", "without names")]
    [TestCase("a.tsv", "n1\towl\nant\n", "entry 2: 'ant' has no tab")]
    [TestCase("a.tsv", "n1\towl\nn1\tant\n", "'n1' stands there 2 times")]
    [TestCase("a.tsv", "n1\towl\t3\n", "one tab")]
    [TestCase("a.json", "[]", "names no class")]
    [TestCase("a.json", "[\"owl\",null]", "class 2")]
    [TestCase("a.json", "[\"owl\",\" \"]", "class 2")]
    [TestCase("a.json", "{\"names\":[\"owl\"]}", "is no list of classes")]
    [TestCase("a.json", "[", "is no list of classes")]
    [TestCase("a.json", "{\"classes\":[{\"name\":\"owl\",\"id\":\"1\"},\"ant\"]}", "class 2 ('ant') has no id")]
    [TestCase("a.json", "{\"classes\":[\"owl\"],\"templates\":[\"a photo\"]}", "has no {}")]
    [TestCase("a.json", "{\"classes\":[\"owl\"],\"templates\":[]}", "has no template")]
    public void Parse_WhatIsNoList_IsRefused(string name, string text, string message) =>
        Assert.That(() => Parse(name, text), Throws.TypeOf<DataSetException>().With.Message.StartsWith(name).And.Message.Contains(message));

    [Test]
    public void LoadTemplates_NeedAHoleEach()
    {
        using TemporaryFolder folder = new();
        Assert.That(ClassList.LoadTemplates(folder.Write("a.txt", "a photo of {}.\n{}\n")), Is.EqualTo((string[])["a photo of {}.", "{}"]));
        Assert.That(() => ClassList.LoadTemplates(folder.Write("b.txt", "{}\na photo\n")),
            Throws.TypeOf<DataSetException>().With.Message.Contains("template 2: 'a photo'"));
        Assert.That(ClassList.PhotoTemplates, Has.Count.EqualTo(20).And.All.Contains("{}"));
    }

    [Test]
    public void Match_NamesOrIds_InTheDatasOrder()
    {
        ClassList list = new(["owl", "ant", "elk"]) { Prompts = ["an owl", "an ant", "an elk"], Ids = ["n1", "n2", "n3"], Templates = ["{}"] };
        ClassList matched = list.Match(Set(["n3", "owl"], 0, 1));
        Assert.That(matched.Names, Is.EqualTo((string[])["elk", "owl"]));
        Assert.That(matched.Prompts, Is.EqualTo((string[])["an elk", "an owl"]));
        Assert.That(matched.Ids, Is.EqualTo((string[])["n3", "n1"]));
        Assert.That(matched.Templates, Is.EqualTo((string[])["{}"]));
        Assert.That(list.IndicesOf(["n3", "owl"], "data"), Is.EqualTo((int[])[2, 0]));
    }

    [TestCase("Owl", "'Owl' (nearest: 'owl')")]
    [TestCase("red-fox", "'red-fox' (nearest: 'red fox')")]
    [TestCase("n01440764", "WordNet ids")]
    [TestCase("17", "NumericClassFolders")]
    [TestCase("xxxxxxxxxxxxxxxx", "'xxxxxxxxxxxxxxxx'. Give")]
    public void Match_UnknownNames_AreRefusedWithTheNearest(string name, string message) => Assert.That(
        () => new ClassList(["owl", "red fox"]).Match([name, "owl"], "data"),
        Throws.TypeOf<DataSetException>().With.Message.StartsWith("data: 1 of its 2 classes is none of the 2").And.Message.Contains(message));

    [Test]
    public void Match_ANameOfSeveralClasses_IsRefused_TheirIdsAreNot()
    {
        ClassList list = new(["crane", "owl", "crane"]) { Ids = ["n02012849", "n1", "n03126707"] };
        Assert.That(() => list.Match(["crane"], "data"), Throws.TypeOf<DataSetException>().With.Message.Contains("numbers 0, 2"));
        Assert.That(list.IndicesOf(["n03126707"], "data"), Is.EqualTo((int[])[2]));
    }

    [Test]
    public void Match_NumericLabels_IndexTheList()
    {
        ClassList list = new(["owl", "ant"]);
        Assert.That(list.Match(Set([], 0, 1, -1)), Is.SameAs(list));
        Assert.That(() => list.Match(Set([], 0, 2)),
            Throws.TypeOf<DataSetException>().With.Message.StartsWith("data: 1.png has the label 2, but the list has 2 classes"));
    }
}

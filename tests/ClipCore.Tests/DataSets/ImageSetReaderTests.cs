using ClipCore.DataSets;

namespace ClipCore.Tests.DataSets;

/// <summary>What lies at a path: folders, lists, and the layouts of Waterbirds and ImageNet.</summary>
public class ImageSetReaderTests
{
    static void Put(TemporaryFolder folder, params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            folder.Write(file, []);
        }
    }

    static (string, string)[] Classes(ImageSet set) =>
        [.. set.Entries.Select(entry => (Path.GetFileName(entry.Image.Name), Class(set, entry)))];

    static string Class(ImageSet set, ImageEntry entry) =>
        entry.Label < 0 ? "" : set.ClassNames.Count > 0 ? set.ClassNames[entry.Label] : $"{entry.Label}";

    [Test]
    public void Open_Waterbirds_HasItsNames()
    {
        ImageSet set = ImageSetReader.Open(TestData.Demo("data/waterbirds"));
        Assert.That(set.ClassNames, Is.EqualTo((string[])["landbird", "waterbird"]));
        Assert.That(set.AttributeNames, Is.EqualTo((string[])["land", "water"]));
        Assert.That(set.Splits, Is.EqualTo((string[])["test"]));
        Assert.That(set.Entries.Take(4).Select(entry => (entry.Label, entry.Attribute)), Is.EqualTo(((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)]));
    }

    [Test]
    public void Open_MetadataWithMoreClasses_IsAPlainList()
    {
        using TemporaryFolder folder = new();
        folder.Write("metadata.csv", "img_filename,y,split,place\na.png,2,0,1\nb.png,0,1,0\n");
        ImageSet set = ImageSetReader.Open(folder.Path);
        Assert.That(set.ClassNames, Is.Empty);
        Assert.That(set.Splits, Is.EqualTo((string[])["0", "1"]));
    }

    [Test]
    public void Open_OnePicture_IsASetOfOne() => Assert.That(ImageSetReader.Open(CaseFiles.Path("masks/picture.png")).Count, Is.EqualTo(1));

    [Test]
    public void Open_Nothing_IsRefused() => Assert.That(() => ImageSetReader.Open("absent"),
        Throws.TypeOf<DataSetException>().With.Message.StartsWith("absent"));

    [Test]
    public void Open_WordNetFolders_AreClasses_ThatAMappingNames()
    {
        using TemporaryFolder folder = new();
        string[][] rows = [.. File.ReadLines(CaseFiles.Path("lists/wordnet-folders.tsv")).Skip(1).Select(line => line.Split('\t'))];
        Put(folder, [.. rows.Select(row => $"{row[1]}/{row[0]}")]);
        ImageSet set = ImageSetReader.Open(folder.Path);
        ClassList classes = ClassList.Load(CaseFiles.Path("lists/wordnet-mapping.txt")).Match(set);
        Dictionary<string, string> expected = rows.ToDictionary(row => row[0], row => row[2]);
        Assert.That(set.Count, Is.EqualTo(rows.Length));
        foreach (ImageEntry entry in set.Entries)
            Assert.That(classes.Names[entry.Label], Is.EqualTo(expected[Path.GetFileName(entry.Image.Name)]));
        Assert.That(() => ClassList.Load(TestData.Demo("classes.json")).Match(set),
            Throws.TypeOf<DataSetException>().With.Message.Contains("WordNet ids").And.Message.Contains("LOC_synset_mapping.txt"));
    }

    [Test]
    public void Open_NumericFolders_AreNames_UnlessAskedFor()
    {
        using TemporaryFolder folder = new();
        Put(folder, "10/a.png", "9/b.png");
        Assert.That(Classes(ImageSetReader.Open(folder.Path)), Is.EqualTo(((string, string)[])[("a.png", "10"), ("b.png", "9")]));
        ImageSet numbers = ImageSetReader.Open(folder.Path, new ImageSetOptions { NumericClassFolders = true });
        Assert.That(numbers.ClassNames, Is.Empty);
        Assert.That(numbers.Entries.Select(entry => entry.Label), Is.EqualTo((int[])[10, 9]));
        Put(folder, "owl/c.png");
        Assert.That(() => ImageSetReader.Open(folder.Path, new ImageSetOptions { NumericClassFolders = true }), Throws.TypeOf<DataSetException>());
    }

    [Test]
    public void Open_Solution_GivesClasses_InTheFolderOrBesideIt([Values("val/LOC_val_solution.csv", "LOC_val_solution.csv")] string place)
    {
        using TemporaryFolder folder = new();
        Put(folder, "val/ILSVRC2012_val_00000001.JPEG", "val/ILSVRC2012_val_00000002.JPEG");
        folder.Write(place, "ImageId,PredictionString\nILSVRC2012_val_00000002,n01440764 1 2 3 4 \n"
            + "ILSVRC2012_val_00000001,n03995372 85 1 499 272 n03995372 1 2 3 4 \n");
        Assert.That(Classes(ImageSetReader.Open(folder.File("val"))), Is.EqualTo(((string, string)[])
            [("ILSVRC2012_val_00000001.JPEG", "n03995372"), ("ILSVRC2012_val_00000002.JPEG", "n01440764")]));
    }

    [Test]
    public void Open_SolutionThatLacksAPicture_IsRefused()
    {
        using TemporaryFolder folder = new();
        Put(folder, "a.JPEG", "b.JPEG");
        folder.Write("LOC_val_solution.csv", "ImageId,PredictionString\na,n03995372 85 1 499 272\n");
        Assert.That(() => ImageSetReader.Open(folder.Path), Throws.TypeOf<DataSetException>().With.Message.Contains("b.JPEG"));
    }

    [TestCase("b.JPEG owl\na.JPEG ant\n")]
    [TestCase("ant\nowl\n")]
    public void Open_GroundTruth_InPairsOrInOrder(string text)
    {
        using TemporaryFolder folder = new(), other = new();
        Put(folder, "a.JPEG", "b.JPEG");
        ImageSet set = ImageSetReader.Open(folder.Path, new ImageSetOptions { GroundTruth = other.Write("truth.txt", text) });
        Assert.That(Classes(set), Is.EqualTo(((string, string)[])[("a.JPEG", "ant"), ("b.JPEG", "owl")]));
    }

    [Test]
    public void Open_GroundTruthOfNumbers_IsRefused_UnlessTheyAreIndices()
    {
        using TemporaryFolder folder = new(), other = new();
        Put(folder, "a.JPEG", "b.JPEG");
        ImageSetOptions options = new() { GroundTruth = other.Write("truth.txt", "490\n361\n") };
        Assert.That(() => ImageSetReader.Open(folder.Path, options), Throws.TypeOf<DataSetException>().With.Message.Contains("NumbersAreIndices"));
        Assert.That(
            Classes(ImageSetReader.Open(folder.Path, options with { NumbersAreIndices = true })).Select(pair => pair.Item2),
            Is.EqualTo((string[])["490", "361"]));
        Assert.That(() => ImageSetReader.Open(folder.Path, new ImageSetOptions { GroundTruth = other.Write("short.txt", "owl\n") }),
            Throws.TypeOf<DataSetException>().With.Message.Contains("1 classes"));
    }
}

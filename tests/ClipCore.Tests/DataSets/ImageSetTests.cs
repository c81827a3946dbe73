using System.Diagnostics;
using ClipCore.Cli;
using ClipCore.DataSets;

namespace ClipCore.Tests.DataSets;

/// <summary>Folders as sets of images, and parts of sets.</summary>
public class ImageSetTests
{
    static byte[] Picture => File.ReadAllBytes(TestData.Golden("preprocess/images/rgb_upscale_19x23.png"));

    static void Put(TemporaryFolder folder, params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            folder.Write(file, Picture);
        }
    }

    static string[] Names(ImageSet set, TemporaryFolder folder) => [.. set.Entries.Select(entry => Path.GetRelativePath(folder.Path, entry.Image.Name))];

    static ImageEntry Entry(string name, string split) => new(ImageSource.OfBytes(name, Picture)) { Split = split };

    [Test]
    public void FromFolder_FlatFolder_HasNoClasses_AndOrdinalOrder()
    {
        using TemporaryFolder folder = new();
        Put(folder, "b.png", "B.JPG", "a.jpeg", "10.png", "9.png");
        folder.Write("notes.txt", "no picture");
        ImageSet set = ImageSet.FromFolder(folder.Path);
        Assert.That(Names(set, folder), Is.EqualTo((string[])["10.png", "9.png", "B.JPG", "a.jpeg", "b.png"]));
        Assert.That(set.ClassNames, Is.Empty);
        Assert.That(set.Entries.Select(entry => entry.Label), Is.All.EqualTo(-1));
    }

    [Test]
    public void FromFolder_FoldersBelowAFolder_BelongToItsClass()
    {
        using TemporaryFolder folder = new();
        Put(folder, "duck/2020/deep/x.png", "duck/a.png", "duck-rubber/a.png", "cat/z.png", "top.png");
        Directory.CreateDirectory(folder.File("empty/empty"));
        ImageSet set = ImageSet.FromFolder(folder.Path);
        Assert.That(set.ClassNames, Is.EqualTo((string[])["cat", "duck", "duck-rubber"]));
        Assert.That(Names(set, folder), Is.EqualTo((string[])["top.png", "cat/z.png", "duck/a.png", "duck/2020/deep/x.png", "duck-rubber/a.png"]));
        Assert.That(set.Entries.Select(entry => entry.Label), Is.EqualTo((int[])[-1, 0, 1, 1, 2]));
    }

    [Test]
    public void FromFolder_HiddenFilesAndFolders_AreNoPictures()
    {
        using TemporaryFolder folder = new();
        Put(folder, "cat/._a.png", "cat/a.png", "cat/.thumbs/b.png", ".trash/c.png", "._d.png");
        ImageSet set = ImageSet.FromFolder(folder.Path);
        Assert.That(Names(set, folder), Is.EqualTo((string[])["cat/a.png"]));
        Assert.That(set.ClassNames, Is.EqualTo((string[])["cat"]));
    }

    [Test]
    [CancelAfter(20_000)]
    public void FromFolder_LinksInACircle_EndAndAreReadOnce()
    {
        using TemporaryFolder folder = new();
        Put(folder, "cat/a.png");
        Directory.CreateSymbolicLink(folder.File("cat/again"), folder.File("cat"));
        Directory.CreateSymbolicLink(folder.File("cat/up"), folder.Path);
        Assert.That(Names(ImageSet.FromFolder(folder.Path), folder), Is.EqualTo((string[])["cat/a.png"]));
    }

    [Test]
    public void FromFolder_NothingToRead_IsRefused()
    {
        using TemporaryFolder folder = new();
        folder.Write("notes.txt", "");
        Assert.That(() => ImageSet.FromFolder(folder.Path), Throws.TypeOf<DataSetException>().With.Message.Contains("no PNG or JPEG"));
        Assert.That(() => ImageSet.FromFolder(folder.File("absent")), Throws.TypeOf<DataSetException>().With.Message.Contains("absent"));
    }

    [Test]
    [Platform("Linux")]
    public void FromFolder_NamesThatAreNotUtf8_AreReportedByTheImageOrTheFolder()
    {
        using TemporaryFolder folder = new();
        Put(folder, "a.png");
        Shell($"cp '{folder.File("a.png")}' \"$(printf '{folder.Path}/caf\\351.png')\"");
        try
        {
            ImageSet set = ImageSet.FromFolder(folder.Path);
            Assert.That(set.Count, Is.EqualTo(2));
            Assert.That(() => set.Entries[1].Image.Decode(), Throws.InstanceOf<IOException>().With.Message.Contains("UTF-8"));
            Shell($"mkdir \"$(printf '{folder.Path}/caf\\351')\"");
            Assert.That(() => ImageSet.FromFolder(folder.Path), Throws.TypeOf<DataSetException>().With.Message.Contains("UTF-8"));
        }
        finally
        {
            // The framework can't remove what it can't name.
            Shell($"rm -r '{folder.Path}'/caf*");
        }
    }

    static void Shell(string command)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", command]);
        shell.WaitForExit();
        Assume.That(shell.ExitCode, Is.Zero, "this file system takes UTF-8 names only");
    }

    [Test]
    public void FromFiles_KeepsTheirOrder()
    {
        ImageSet set = ImageSet.FromFiles(["b.png", "a.png"]);
        Assert.That(set.Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["b.png", "a.png"]));
        Assert.That(() => ImageSet.FromFiles([]), Throws.ArgumentException);
    }

    [Test]
    public void Splits_SelectTheirImages()
    {
        ImageSet set = new("set", [Entry("a", "train"), Entry("b", "test"), Entry("c", ""), Entry("d", "0"), Entry("e", "test")], ["x", "y"]);
        Assert.That(set.Splits, Is.EqualTo((string[])["0", "test", "train"]));
        Assert.That(set.OfSplit("test").Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["b", "e"]));
        Assert.That(set.OfSplit("test").ClassNames, Is.EqualTo((string[])["x", "y"]));
        Assert.That(set.WithoutTraining().Entries.Select(entry => entry.Image.Name), Is.EqualTo((string[])["b", "c", "e"]));
        Assert.That(() => set.OfSplit("val"), Throws.TypeOf<DataSetException>().With.Message.Contains("0, test, train"));
        Assert.That(() => set.OfSplit("train").WithoutTraining(), Throws.TypeOf<DataSetException>());
        Assert.That(() => set.Where(entry => entry.Label == 1), Throws.TypeOf<DataSetException>());
    }

    [Test]
    public void OfSplit_SetWithoutSplits_IsTheWholeSet()
    {
        ImageSet set = new("set", [Entry("a", ""), Entry("b", "")]);
        Assert.That(set.OfSplit("test"), Is.SameAs(set));
        Assert.That(set.Splits, Is.Empty);
    }
}

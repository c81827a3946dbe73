using System.Buffers.Binary;
using ClipCore.Npy;

namespace ClipCore.Tests.Cli;

/// <summary>What users do wrong: one clear line, exit code 2, and nothing half-written.</summary>
sealed class BadInputTests
{
    static readonly string s_sample = TestData.Demo("samples/duck-in-forest.png");

    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    string Out => _folder.File("out");

    void Explain(string mention, string image, params string[] more)
    {
        CliRun.Bad(mention, ["explain", image, "--out", Out, .. more]);
        Assert.That(Directory.Exists(Out), Is.False, "an output folder was left behind");
    }

    [Test]
    public void MissingFile_IsNamed() => Explain("no-such-file.png", _folder.File("no-such-file.png"));

    [Test]
    public void FolderAsImage_IsNamed() => Explain(_folder.Path, _folder.Path);

    [Test]
    public void EmptyFile_IsNamed() => Explain("empty.png", _folder.Write("empty.png", ""));

    [Test]
    public void TextNamedPng_IsNamed() => Explain("text.png", _folder.Write("text.png", "this is no picture, only words that were named one"));

    [Test]
    public void TruncatedPng_IsNamed() =>
        Explain("cut.png", _folder.Write("cut.png", File.ReadAllBytes(s_sample)[..5000]));

    [TestCase(14)]
    [TestCase(600)]
    [TestCase(-2000)]
    [TestCase(-40)]
    public void TruncatedJpeg_IsNamed(int length)
    {
        byte[] jpeg = File.ReadAllBytes(TestData.Demo("samples/rocket-at-night.jpg"));
        Explain("cut.jpg", _folder.Write("cut.jpg", jpeg[..(length > 0 ? length : jpeg.Length + length)]));
    }

    [Test]
    public void JpegThatLacksItsEndMarkerAlone_IsReadAsItIs()
    {
        string sample = TestData.Demo("samples/rocket-at-night.jpg"), cut = _folder.Write("rocket.jpg", File.ReadAllBytes(sample)[..^2]);
        CliRun.Good("encode", sample, "--out", _folder.File("whole.npy"));
        CliRun.Good("encode", cut, "--out", _folder.File("cut.npy"));
        Assert.That(File.ReadAllBytes(_folder.File("cut.npy")), Is.EqualTo(File.ReadAllBytes(_folder.File("whole.npy"))));
    }

    [Test]
    public void HugePng_IsRefusedBeforeDecoding()
    {
        byte[] png = File.ReadAllBytes(s_sample);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 65535);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 65535);
        Explain("65535", _folder.Write("huge.png", png));
    }

    [Test]
    public void EmptyText_IsNamed() => Explain("--text", s_sample, "--text", "");

    [Test]
    public void FolderWithoutWeights_IsNamed() => Explain(_folder.Path, s_sample, "--model", _folder.Path);

    [Test]
    public void MissingModel_IsNamed() => Explain("no-such-model", s_sample, "--model", _folder.File("no-such-model"));

    [Test]
    public void TruncatedWeights_AreNamed()
    {
        CopyDemo("model.safetensors", bytes => bytes[..100_000]);
        Explain("model.safetensors", s_sample, "--model", _folder.Path);
    }

    [Test]
    public void PickleFile_IsRefusedWithTheWay()
    {
        byte[] pickle = [0x50, 0x4B, 0x03, 0x04, .. new byte[100]];
        string path = _folder.Write("open_clip_pytorch_model.bin", pickle);
        Explain("safetensors", s_sample, "--model", path);
    }

    [Test]
    public void UnknownOption_IsNamed() => Explain("--txet", s_sample, "--txet", "a duck");

    [TestCase("--top", "0")]
    [TestCase("--threads", "0")]
    [TestCase("--weights", "int3")]
    [TestCase("--activation", "relu")]
    [TestCase("--max-megapixels", "-1")]
    public void BadValue_NamesTheOption(string option, string value) => Explain(option, s_sample, option, value);

    [Test]
    public void PictureOverTheLimit_IsRefused() => Explain("limit of 100000", s_sample, "--max-megapixels", "0.1");

    [Test]
    public void OutIsAFile_IsNamed()
    {
        string file = _folder.Write("out", "keep me");
        CliRun.Bad("out", "explain", s_sample, "--out", file);
        Assert.That(File.ReadAllText(file), Is.EqualTo("keep me"));
    }

    [Test]
    public void ReadOnlyFolder_IsNamed()
    {
        string folder = Directory.CreateDirectory(Out).FullName;
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            // The superuser may write anywhere but where the system itself forbids it.
            if (!Directory.Exists("/proc/self"))
                Assert.Ignore("This user may write anywhere.");
            CliRun.Bad("/proc/clipcore", "explain", s_sample, "--out", "/proc/clipcore");
            return;
        }
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        CliRun.Bad(folder, "explain", s_sample, "--out", folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
    }

    [Test]
    public void PixelsThatAreNotFinite_AreNamed()
    {
        float[] pixels = new float[3 * 96 * 96];
        pixels[1234] = float.NaN;
        NpyFile.Write<float>(_folder.File("pixels.npy"), pixels, 1, 3, 96, 96);
        CliRun.Bad("element 1234", "decompose", "--pixels", _folder.File("pixels.npy"), "--out", Out);
        Assert.That(Directory.Exists(Out) ? Directory.GetFiles(Out) : [], Is.Empty);
    }

    [Test]
    public void PixelsOfAnotherSize_AreNamed()
    {
        NpyFile.Write<float>(_folder.File("pixels.npy"), new float[3 * 32 * 32], 1, 3, 32, 32);
        CliRun.Bad("[1, 3, 32, 32]", "encode", "--pixels", _folder.File("pixels.npy"), "--out", _folder.File("x.npy"));
        Assert.That(File.Exists(_folder.File("x.npy")), Is.False);
    }

    [Test]
    public void TextsTogetherWithClasses_AreRefused() => Explain("--class", s_sample, "--text", "a duck", "--class", "duck");

    [Test]
    public void ModelWithoutVocabulary_SaysWhatToAdd()
    {
        CopyDemo("model.safetensors", bytes => bytes);
        Explain("merges.txt", s_sample, "--model", _folder.Path, "--text", "a duck");
    }

    [Test]
    public void NoCommand_ShowsHelpOrError()
    {
        Assert.That(CliRun.Of("--help").Output, Does.Contain("explain"));
        CliRun.Bad("explian", "explian");
    }

    void CopyDemo(string name, Func<byte[], byte[]> change)
    {
        File.Copy(TestData.Demo("open_clip_config.json"), _folder.File("open_clip_config.json"));
        _folder.Write(name, change(File.ReadAllBytes(TestData.Demo(name))));
    }
}

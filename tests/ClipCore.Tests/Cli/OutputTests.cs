using System.Text.Json;
using ClipCore.Images;
using ClipCore.Npy;

namespace ClipCore.Tests.Cli;

/// <summary>Many images at once: folders, lists, names of outputs, rows of arrays; and the old names of options.</summary>
sealed class OutputTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder.File("pictures/a, b"));
        Directory.CreateDirectory(_folder.File("pictures/c"));
        File.Copy(TestData.Demo("samples/duck-in-forest.png"), _folder.File("pictures/a, b/duck.png"));
        File.Copy(TestData.Demo("samples/three-apples.png"), _folder.File("pictures/c/duck.png"));
        File.Copy(TestData.Demo("samples/rocket-at-night.jpg"), _folder.File("pictures/c/rocket.jpg"));
        _folder.Write("pictures/c/broken.png", "no picture");
        _folder.Write("list.csv",
            "image,label\npictures/a, b/duck.png,7\n".Replace("pictures/a, b/duck.png", "\"pictures/a, b/duck.png\"", StringComparison.Ordinal)
            + "pictures/c/duck.png,wing\npictures/c/rocket.jpg,\n");
    }

    [TearDown]
    public void End() => _folder.Dispose();

    string[] Good => [_folder.File("pictures/a, b/duck.png"), _folder.File("pictures/c/duck.png"), _folder.File("pictures/c/rocket.jpg")];

    /// <summary>Runs a command on the folder, of which one picture is broken.</summary>
    static JsonElement Partly(params string[] args)
    {
        CliRun run = CliRun.Of([.. args, "--json", "-"]);
        Assert.That(run.ExitCode, Is.EqualTo(ClipCore.Cli.ExitCode.Partly), run.Error);
        Assert.That(run.Error, Does.StartWith("skipped: ").And.Contain("broken.png"));
        JsonElement results = CliRun.ResultsIn(run.Output);
        Assert.That(results.GetProperty("skipped").GetArrayLength(), Is.EqualTo(1));
        return results;
    }

    static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    [Test]
    public void Encode_OfAFolder_AListAndPictures_IsTheSame_WithTheNamesOfItsRows()
    {
        JsonElement folder = Partly("encode", _folder.File("pictures"), "--out", _folder.File("a"));
        JsonElement list = CliRun.Results("encode", _folder.File("list.csv"), "--out", _folder.File("b"));
        JsonElement pictures = CliRun.Results(["encode", .. Good, "--out", _folder.File("c")]);
        foreach (JsonElement one in (JsonElement[])[folder, list, pictures])
            Assert.That(Strings(one.GetProperty("images")).Select(Path.GetFullPath), Is.EqualTo(Good));
        foreach (string name in (string[])["a", "b", "c"])
        {
            Assert.That(File.ReadAllBytes(_folder.File($"{name}/images.npy")), Is.EqualTo(File.ReadAllBytes(_folder.File("a/images.npy"))));
            string[] lines = File.ReadAllLines(_folder.File($"{name}/index.csv"));
            Assert.That(lines[..3], Is.EqualTo((string[])["row,image", $"0,\"{Strings(folder.GetProperty("images"))[0]}\"", $"1,{Good[1]}"]), name);
        }
        CliRun.Bad("broken.png", "encode", _folder.File("pictures"), "--out", _folder.File("d"), "--strict");
        Assert.That(Directory.Exists(_folder.File("d")), Is.False);
    }

    [Test]
    public void Decompose_OfAFolder_HasARowForEachImageThatWasRead()
    {
        JsonElement found = Partly("decompose", _folder.File("pictures"), "--by", "layer", "--out", _folder.File("out"));
        Assert.That(NpyFile.ReadSingle(_folder.File("out/attn.npy")).Shape, Is.EqualTo((int[])[3, 6, 128]));
        Assert.That(NpyFile.ReadSingle(_folder.File("out/mlp.npy")).Shape, Is.EqualTo((int[])[3, 7, 128]));
        Assert.That(found.GetProperty("completeness").GetArrayLength(), Is.EqualTo(3));
        Assert.That(
            Strings(found.GetProperty("written")), Is.EquivalentTo(Directory.GetFiles(_folder.File("out"))), "the arrays, and which image a row belongs to");
        Assert.That(File.ReadAllLines(_folder.File("out/index.csv")), Has.Length.EqualTo(4));
    }

    [Test]
    public void Classify_OfAFolder_WritesARowOfLogitsForEachImage()
    {
        JsonElement found = Partly("classify", _folder.File("pictures"), "--out", _folder.File("logits.npy"));
        Assert.That(found.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("class").GetString()).Take(1),
            Is.EqualTo((string[])["duck"]));
        NpyArray<float> logits = NpyFile.ReadSingle(_folder.File("logits.npy"));
        Assert.That(logits.Shape, Is.EqualTo((int[])[3, 64]));
        Assert.That(
            found.GetProperty("images")[2].GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()), Is.EqualTo(logits.Data[(2 * 64)..]));
    }

    [Test]
    public void Explain_OfAFolder_MakesAFolderForEachImage_NamedAfterIt()
    {
        JsonElement found = Partly("explain", _folder.File("pictures"), "--text", "a duck", "--text", "a rocket", "--out", _folder.File("out"));
        Assert.That(Directory.GetDirectories(_folder.File("out")).Select(Path.GetFileName), Is.EquivalentTo((string[])["duck", "duck-2", "rocket"]));
        Assert.That(
            Strings(found.GetProperty("written")),
            Is.EquivalentTo(Directory.GetFiles(_folder.File("out"), "*", SearchOption.AllDirectories)));
        foreach (string name in (string[])["duck", "duck-2", "rocket"])
            Assert.That(File.Exists(_folder.File($"out/{name}/index.html")), name);
        JsonElement second = CliRun.ResultsIn(File.ReadAllText(_folder.File("out/duck-2/explanation.json")));
        Assert.That(second.GetProperty("image").GetProperty("path").GetString(), Is.EqualTo(Good[1]));
    }

    [Test]
    public void Segment_OfAFolder_NamesMasksAfterPictures()
    {
        Partly("segment", _folder.File("pictures"), "--text", "a duck", "--text", "a forest", "--out", _folder.File("out"));
        Assert.That(Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName), Is.EquivalentTo((string[])["duck.png", "duck-2.png", "rocket.png"]));
        Assert.That(ImageDecoder.Load(_folder.File("out/duck.png")).Width, Is.GreaterThan(0));
    }

    // The built-in model's weights are halves in its file.
    [TestCase("f16", 0)]
    [TestCase("half", 0)]
    [TestCase("bf16", 2e-2f)]
    public void Weights_InHalfThePrecision_AreClose_AndTakeHalfTheMemory(string format, float most)
    {
        CliRun.Good("encode", Good[0], "--out", _folder.File("whole.npy"));
        CliRun.Good("encode", Good[0], "--out", _folder.File("half.npy"), "--weights", format);
        float[] whole = NpyFile.ReadSingle(_folder.File("whole.npy")).Data, half = NpyFile.ReadSingle(_folder.File("half.npy")).Data;
        Assert.That(half.SequenceEqual(whole), Is.EqualTo(most == 0));
        for (int i = 0; i < whole.Length; i++)
            Assert.That(half[i], Is.EqualTo(whole[i]).Within(most));
        long Memory(params string[] more) => CliRun.Results(["info", .. more]).GetProperty("memoryBytes").GetInt64();
        Assert.That(Memory("--weights", format), Is.LessThan(0.62 * Memory()));
    }

    [Test]
    public void OldNames_StillWork()
    {
        string arrays = TestData.Golden("ablation/ablations_labelled"), pool = _folder.Write("pool.txt", "a duck\na castle\na bee\n");
        Assert.That(
            CliRun.Results("ablate", "--reference", arrays).GetRawText(), Is.EqualTo(CliRun.Results("ablate", "--arrays", arrays).GetRawText()));
        CliRun.Bad("take one", "ablate", "--reference", arrays, "--arrays", arrays);
        string texts = TestData.Golden("textspan/planted_500x64/texts.npy"), data = TestData.Golden("textspan/planted_500x64/data.npy");
        Assert.That(
            CliRun.Results("textspan", "--data", data, "--texts", texts, "--count", "2").GetRawText(),
            Is.EqualTo(CliRun.Results("textspan", "--data", data, "--pool", texts, "--count", "2").GetRawText()));
        CliRun.Bad("take one", "heads", "--pool", pool, "--texts", pool);
        CliRun.Good("decompose", Good[0], "--heads", "--out", _folder.File("old"));
        CliRun.Good("decompose", Good[0], "--by", "head", "--out", _folder.File("new"));
        foreach (string path in Directory.GetFiles(_folder.File("new")))
            Assert.That(File.ReadAllBytes(_folder.File($"old/{Path.GetFileName(path)}")), Is.EqualTo(File.ReadAllBytes(path)));
        string json = _folder.Write("texts.json", "[\"a duck\", \"two dogs\"]");
        string ids = CliRun.Good("tokenize", "a duck", "two dogs").Output;
        Assert.That(CliRun.Good("tokenize", "--json", json).Output, Is.EqualTo(ids));
        Assert.That(CliRun.Good("tokenize", "--texts", json).Output, Is.EqualTo(ids));
        Assert.That(File.ReadAllText(json), Does.StartWith("[\"a duck\""), "the input stays");
        CliRun.Good("encode", Good[0], "--vision-only", "--out", _folder.File("image.npy"));
    }

    [Test]
    public void Data_IsTheArgument_UnderAnotherName()
    {
        string list = _folder.Write("plain.csv", "image\n" + string.Concat(Good.Select(path => $"\"{path}\"\n")));
        foreach (string[] command in (string[][])[["classify"], ["segment", "--text", "a duck", "--text", "a forest"], ["retrieve", "--text", "a duck"]])
            Assert.That(CliRun.Results([.. command, "--data", list]).GetRawText(), Is.EqualTo(CliRun.Results([.. command, list]).GetRawText()), command[0]);
        Assert.That(CliRun.Results("explain", "--text", "a duck", "--data", list).GetProperty("images").GetArrayLength(), Is.EqualTo(3));
        CliRun.Good("run", list, "--out", _folder.File("a"));
        CliRun.Good("run", "--data", list, "--out", _folder.File("b"));
        Assert.That(
            File.ReadAllBytes(_folder.File("b/statistics.safetensors")), Is.EqualTo(File.ReadAllBytes(_folder.File("a/statistics.safetensors"))));
        CliRun.Bad("take one", "run", list, "--data", list, "--out", _folder.File("c"));
    }

    [Test]
    public void Search_LikeAnImage_NeedsNoTextTower()
    {
        string[] names = ["merges.txt", "vocab.json", "model.safetensors", "open_clip_config.json"];
        Directory.CreateDirectory(_folder.File("model"));
        foreach (string name in names.Skip(2))
            File.Copy(TestData.Demo(name), _folder.File($"model/{name}"));
        string pictures = Directory.CreateDirectory(_folder.File("good")).FullName;
        for (int i = 0; i < 3; i++)
            File.Copy(Good[i], Path.Combine(pictures, $"{i}{Path.GetExtension(Good[i])}"));
        JsonElement found = CliRun.Results("retrieve", "--data", pictures, "--image", "0", "--model", _folder.File("model"));
        Assert.That(found.GetProperty("images").GetArrayLength(), Is.EqualTo(2));
        CliRun.Bad("merges.txt", "retrieve", "--data", pictures, "--text", "a duck", "--model", _folder.File("model"));
    }

    [Test]
    public void LabelsThatNobodyNames_AreRefused_WhateverTheExperiment()
    {
        string scenes = TestData.Demo("data/scenes");
        string list = _folder.Write("numbers.csv", $"image,label,place\n{scenes}/0000.png,1,0\n{scenes}/0001.png,0,1\n");
        CliRun.Good("run", list, "--out", _folder.File("numbers"));
        CliRun.Bad("nothing names them", "ablate", _folder.File("numbers"));
        CliRun.Bad("nothing names them", "spurious", _folder.File("numbers"), "--heads", "L4.H3");
        CliRun.Bad("nothing names them", "export", _folder.File("numbers"), "--out", _folder.File("arrays"));
        CliRun.Bad("nothing names them", "reproduce", "--imagenet", _folder.File("numbers"));
        CliRun.Bad("a class has no name", "ablate", _folder.File("numbers"), "--class", "a castle");
    }
}

using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Files;
using ClipCore.Numerics;

namespace ClipCore.Tests.EffectSets;

/// <summary>Stores made by the library: the same bits however a run was cut, what they keep of the images, and what is refused.</summary>
sealed class StoreRunTests
{
    static StoreFixture s_fixture = null!;

    static string Store(string name) => s_fixture.Path(name);

    [OneTimeSetUp]
    public void Make() => s_fixture = new StoreFixture();

    [OneTimeTearDown]
    public void Clean() => s_fixture.Dispose();

    [Test]
    public void Store_KeepsAllThatIsKnownOfTheImages()
    {
        using EffectStore store = EffectStore.Open(s_fixture.Whole);
        ImageEntry[] entries = [.. s_fixture.Images.Entries];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Names, Is.EqualTo(entries.Select(entry => entry.Image.Name)));
            Assert.That(store.Labels, Is.EqualTo(entries.Select(entry => entry.Label)));
            Assert.That(store.Attributes, Is.EqualTo(entries.Select(entry => entry.Attribute)));
            Assert.That(store.Splits, Is.EqualTo(entries.Select(entry => entry.Split)));
            Assert.That(store.Captions, Is.EqualTo(entries.Select(entry => entry.Caption)));
            Assert.That(store.Masks, Is.EqualTo(entries.Select(entry => entry.Mask?.Name)));
            Assert.That(store.ClassNames, Is.EqualTo(StoreFixture.Classes.Names));
            Assert.That(store.Classes!.Prompts, Is.EqualTo(StoreFixture.Classes.Prompts));
            Assert.That(store.Classes.Ids, Is.EqualTo(StoreFixture.Classes.Ids));
            Assert.That(store.Classes.Templates, Is.EqualTo(StoreFixture.Classes.Templates));
            Assert.That(store.Identity.Sha256, Is.EqualTo(s_fixture.Model.Identity.Sha256));
            Assert.That(store.FirstHeadLayer, Is.Zero);
        }
        EffectSubset subset = new(store, [7, 3, 199]);
        Assert.That(subset.Splits, Is.EqualTo((string[])["test", "test", "test"]));
        Assert.That(subset.Captions![1], Does.StartWith("Vogel \"3\""));
        Assert.That(subset.ClassNames, Is.EqualTo(store.ClassNames));
    }

    [Test]
    public void Run_KilledAfterAnyBlock_GoesOnToTheSameBits()
    {
        List<string> snapshots = [];
        int blocks = 0;
        EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("killed"), StoreFixture.Options,
            new StoreFixture.Told(_ => snapshots.Add(s_fixture.Copy(Store("killed"), $"killed{++blocks}"))));
        Assert.That(blocks, Is.EqualTo(4));
        foreach (string snapshot in snapshots)
        {
            // As a kill in the middle of the next block leaves it.
            File.WriteAllText(Path.Combine(snapshot, "block-000003.safetensors"), "half written");
            File.WriteAllText(Path.Combine(snapshot, $"block-000003.safetensors.{Guid.NewGuid():N}.tmp"), "half written");
            File.WriteAllText(Path.Combine(snapshot, "store.lock"), "");
            if (snapshot != snapshots[^1])
                Assert.That(() => EffectStore.Open(snapshot), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not complete"));
            else
                File.Copy(Path.Combine(s_fixture.Whole, "block-000003.safetensors"), Path.Combine(snapshot, "block-000003.safetensors"), overwrite: true);
            EffectStore.Run(s_fixture.Model, s_fixture.Images, snapshot, StoreFixture.Options);
            StoreFixture.AssertSame(snapshot, s_fixture.Whole);
        }
    }

    [Test]
    public void Run_KilledBeforeItsManifest_BeginsAnew()
    {
        string folder = Store("early");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "basis.safetensors"), "half written");
        File.WriteAllText(Path.Combine(folder, $"images.jsonl.{Guid.NewGuid():N}.tmp"), "half written");
        EffectStore.Run(s_fixture.Model, s_fixture.Images, folder, StoreFixture.Options);
        StoreFixture.AssertSame(folder, s_fixture.Whole);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Store("mine")).FullName, "letter.txt"), "keep me");
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("mine")), Throws.InstanceOf<IOException>().With.Message.Contains("not empty"));
        Assert.That(Directory.GetFiles(Store("mine")), Has.Length.EqualTo(1));
    }

    [Test]
    public void Run_Cancelled_LeavesAStoreThatGoesOn()
    {
        using CancellationTokenSource source = new();
        string folder = Store("cancelled");
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, s_fixture.Images, folder, StoreFixture.Options, new StoreFixture.Told(done => Cancel(done, source)),
            source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(folder, "*.tmp").Concat(Directory.GetFiles(folder, "*.lock")), Is.Empty);
        List<int> told = [];
        EffectStore.Run(s_fixture.Model, s_fixture.Images, folder, StoreFixture.Options, new StoreFixture.Told(told.Add));
        Assert.That(told, Is.EqualTo((int[])[192, 200]), "the first two blocks were done");
        StoreFixture.AssertSame(folder, s_fixture.Whole);

        Assert.That(
            () => EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("never"), cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.Exists(Store("never")), Is.False);

        static void Cancel(int done, CancellationTokenSource source)
        {
            if (done == 128)
                source.Cancel();
        }
    }

    [Test]
    public void Shards_MergedInAnyOrder_AreOneRun()
    {
        foreach (int shard in (int[])[1, 2, 0])
            EffectStore.Run(s_fixture.Model, s_fixture.Images, Store($"shard{shard}"), StoreFixture.Options with { Shard = (shard, 3) });
        string[][] orders = [["shard0", "shard1", "shard2"], ["shard2", "shard0", "shard1"], ["shard1", "shard2", "shard0"]];
        foreach (string[] order in orders)
        {
            List<int> told = [];
            string merged = Store($"merged-{string.Concat(order)}");
            EffectStore.Merge([.. order.Select(Store)], merged, new StoreFixture.Told(told.Add));
            StoreFixture.AssertSame(merged, s_fixture.Whole);
            Assert.That(told, Is.EqualTo((int[])[64, 128, 192, 200]));
        }
        Assert.That(() => EffectStore.Open(Store("shard1")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("shard 2 of 3"));
        Assert.That(
            () => EffectStore.Merge([Store("shard0"), Store("shard1")], Store("x")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("each once"));
        Assert.That(
            () => EffectStore.Merge([Store("shard0"), Store("shard0"), Store("shard2")], Store("x")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("each once"));
        EffectStore.Run(s_fixture.Model, StoreFixture.Birds(199), Store("other"), StoreFixture.Options with { Shard = (1, 3) });
        Assert.That(
            () => EffectStore.Merge([Store("shard0"), Store("other"), Store("shard2")], Store("x")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("other images"));
        Assert.That(
            () => EffectStore.Merge([.. orders[0].Select(Store)], s_fixture.Whole), Throws.InstanceOf<IOException>().With.Message.Contains("store already"));
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("shard0"), StoreFixture.Options with { Shard = (2, 3) }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("shard 1 of 3"));

        using CancellationTokenSource source = new();
        Assert.That(
            () => EffectStore.Merge([.. orders[0].Select(Store)], Store("x"), new StoreFixture.Told(_ => source.Cancel()), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.Exists(Store("x")), Is.False);

        // A merge that was killed: no manifest, so no store; the same call begins anew.
        string half = s_fixture.Copy(s_fixture.Whole, "half");
        File.Delete(Path.Combine(half, "store.json"));
        File.WriteAllText(Path.Combine(half, "block-000002.safetensors"), "half written");
        Assert.That(() => EffectStore.Open(half), Throws.InstanceOf<IOException>().With.Message.Contains("no store"));
        EffectStore.Merge([.. orders[0].Select(Store)], half);
        StoreFixture.AssertSame(half, s_fixture.Whole);

        byte[] block = File.ReadAllBytes(Path.Combine(Store("shard1"), "block-000001.safetensors"));
        File.WriteAllBytes(Path.Combine(Store("shard1"), "block-000001.safetensors"), block[..(block.Length / 2)]);
        Assert.That(() => EffectStore.Merge([.. orders[0].Select(Store)], Store("x")), Throws.InstanceOf<IOException>().With.Message.Contains("block-000001"));
        Assert.That(Directory.Exists(Store("x")), Is.False);
    }

    [Test]
    public void TwoWriters_OfOneStore_AreRefused()
    {
        string folder = s_fixture.Copy(s_fixture.Whole, "locked");
        using (StoreFolder.Open(folder))
        {
            Assert.That(
                () => EffectStore.Run(s_fixture.Model, s_fixture.Images, folder, StoreFixture.Options),
                Throws.InstanceOf<IOException>().With.Message.Contains("another process"));
            EffectStore.Open(folder).Dispose();
        }
        EffectStore.Run(s_fixture.Model, s_fixture.Images, folder, StoreFixture.Options);
        StoreFixture.AssertSame(folder, s_fixture.Whole);
    }

    [Test]
    public void UnreadableImages_AreListedByLaterRunsToo()
    {
        ImageEntry[] entries = [.. Enumerable.Range(0, 130).Select(StoreFixture.Bird)];
        entries[3] = new ImageEntry(ImageSource.OfBytes("broken", "no picture"u8.ToArray()));
        entries[100] = new ImageEntry(ImageSource.OfFile(Store("absent.png"), "absent"));
        ImageSet images = new("some", entries);
        using CancellationTokenSource source = new();
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, images, Store("skipping"), progress: new StoreFixture.Told(_ => source.Cancel()),
            cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        StoreRunResult result = EffectStore.Run(s_fixture.Model, images, Store("skipping"));
        Assert.That(result.Images, Is.EqualTo(128));
        Assert.That(result.Skipped.Select(image => (image.Index, image.Name)), Is.EqualTo(((int, string)[])[(3, "broken"), (100, "absent")]));
        Assert.That(result.Skipped.Select(image => image.Reason), Has.All.Not.Empty);
        using EffectStore store = EffectStore.Open(Store("skipping"));
        Assert.That(store.Skipped, Is.EqualTo(result.Skipped));
        Assert.That((store.ImageCount, store.Names![3], store.Names[98], store.Names[99]), Is.EqualTo((128, "birds/4.png", "birds/99.png", "birds/101.png")));
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, images, Store("strict"), new StoreOptions { Strict = true }),
            Throws.InstanceOf<IOException>().With.Message.StartsWith("broken: "));
    }

    [Test]
    public void NothingReadable_IsOneClearError()
    {
        ImageSet images = new("bad", [new ImageEntry(ImageSource.OfBytes("broken", "no picture"u8.ToArray()))]);
        Assert.That(EffectStore.Run(s_fixture.Model, images, Store("empty")).Images, Is.Zero);
        Assert.That(() => EffectStore.Open(Store("empty")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("no image"));
        Assert.That(() => EffectStore.OpenStatistics(Store("empty")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("no image"));
        Assert.That(
            () => EffectStore.Compute(s_fixture.Model, images, out _), Throws.TypeOf<InvalidDataException>().With.Message.Contains("none of its 1 images"));
        Assert.That(
            () => ImageEffects.OfReadable(s_fixture.Model, images, out _), Throws.TypeOf<InvalidDataException>().With.Message.Contains("none of its 1 images"));
    }

    [Test]
    public void OtherThings_InTheFolder_AreRefused()
    {
        void Refused(string mention, ImageSet images, StoreOptions options) => Assert.That(
            () => EffectStore.Run(s_fixture.Model, images, s_fixture.Whole, options), Throws.TypeOf<InvalidDataException>().With.Message.Contains(mention));
        ImageEntry[] entries = [.. s_fixture.Images.Entries];
        Refused("other images", new ImageSet("birds", [.. entries[..^1], entries[^1] with { Caption = "another" }]), StoreFixture.Options);
        Refused("other classes", s_fixture.Images, new StoreOptions());
        Refused("other options", s_fixture.Images, StoreFixture.Options with { DType = DType.F16 });
        Refused("other options", s_fixture.Images, StoreFixture.Options with { LastLayers = 2 });
        Refused("other options", s_fixture.Images, StoreFixture.Options with { Shard = (0, 2) });
    }

    [Test]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (StoreOptions options in (StoreOptions[])[
            new() { DType = DType.BF16 }, new() { LastLayers = 0 }, new() { LastLayers = 7 }, new() { Shard = (2, 2) }, new() { Shard = (-1, 2) },
                new() { Shard = (0, 0) },
            new() { MaxPixels = 0 }, new() { Classes = new ClassList(["one"]) }])
            Assert.That(
                () => EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("x"), options), Throws.InstanceOf<ArgumentException>(), options.ToString());
        Assert.That(Directory.Exists(Store("x")), Is.False);
        ImageSet named = new("named", [StoreFixture.Bird(0)], ["seabird", "landbird"]);
        Assert.That(
            () => EffectStore.Run(s_fixture.Model, named, Store("x"), StoreFixture.Options),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("seabird"));
    }

    [Test]
    public void NumbersOutOfRange_AreRefused()
    {
        StoreManifest manifest = StoreManifest.Read(s_fixture.Whole) with { DType = DType.F16 };
        void Refused(StoreManifest of, float value, string mention)
        {
            BlockEffects effects = new(of, [10, 11]);
            effects.Z[^1] = value;
            Assert.That(
                () => effects.Check(index => $"image {index}"),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains(mention).And.Message.StartsWith("image 11"));
        }
        Refused(manifest, 65520, "half precision");
        Refused(manifest, -1e9f, "half precision");
        Refused(manifest, float.NaN, "not finite");
        Refused(manifest with { DType = DType.F32 }, float.NegativeInfinity, "not finite");
        BlockEffects good = new(manifest, [10]);
        good.Z[0] = 65519;
        good.Check(_ => "");
    }

    [Test]
    public void StatisticsOutOfRange_AreRefused()
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, 1e20f, 3e7f])
        {
            SpanStatistics statistics = new(2);
            statistics.Add([1, value]);
            Assert.That(statistics.Mean, Throws.TypeOf<InvalidDataException>().With.Message.Contains("out of range"), $"{value}");
        }
        SpanStatistics many = new(1), more = new(1);
        many.Add([1.1e7f]);
        more.Merge(many);
        Assert.That(() => more.Merge(many), Throws.TypeOf<InvalidDataException>().With.Message.Contains("out of range"));
    }

    [Test]
    public void EarlyLayers_OfAPartialStore_AreRefusedOneByOne()
    {
        EffectStore.Run(s_fixture.Model, s_fixture.Images, Store("late"), StoreFixture.Options with { LastLayers = 2 });
        using EffectStore late = EffectStore.Open(Store("late"));
        StoreStatistics statistics = EffectStore.OpenStatistics(Store("late"));
        ComponentLabel early = ComponentLabel.OfHead(3, 1);
        Assert.That((late.FirstHeadLayer, statistics.FirstHeadLayer, new EffectSubset(late, [1]).FirstHeadLayer), Is.EqualTo((4, 4, 4)));
        Assert.That(() => late.Require([early]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => late.ReadStatistics([early]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("sum only"));
        Assert.That(() => statistics.ReadStatistics([early]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("sum only"));
        Assert.That(() => statistics.ReadStatistics([ComponentLabel.OfHead(6, 0)]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => statistics.ReadStatistics([ComponentLabel.OfMlp(5)]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new EffectSubset(late, [1]).ReadStatistics([early]), Throws.InstanceOf<ArgumentException>().With.Message.Contains("sum only"));
        Assert.That(() => ReferenceExport.Write(late, null, Store("x")), Throws.InstanceOf<ArgumentException>().With.Message.Contains("sum over the heads"));
        Assert.That(Directory.Exists(Store("x")), Is.False);
        Assert.That(late.ReadStatistics([ComponentLabel.OfHead(5, 3)]).Single().Value.Basis, Has.Length.EqualTo(35 * 128));
    }
}

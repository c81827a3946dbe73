using ClipCore.EffectSets;

namespace ClipCore.Tests.EffectSets;

public class LinearClassifierTests
{
    [Test]
    public void Names_AreCopied_AndOneForEachClass()
    {
        string[] names = ["a", "b"];
        LinearClassifier classifier = new([1, 2, 3, 4, 5, 6], 3) { Names = names, Templates = names };
        names[0] = "changed";
        Assert.That(classifier.Names, Is.EqualTo((string[])["a", "b"]));
        Assert.That(classifier.Templates, Is.EqualTo((string[])["a", "b"]));
        Assert.That(new LinearClassifier([1, 2, 3, 4, 5, 6], 3).Names, Is.EqualTo((string[])["class 0", "class 1"]));
        Assert.That(() => new LinearClassifier([1, 2, 3, 4, 5, 6], 3) { Names = ["a"] }, Throws.ArgumentException.With.Message.Contains("2 classes"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(4)]
    public void Rows_ThatDoNotFit_AreRefused(int embedWidth) =>
        Assert.That(() => new LinearClassifier([1, 2, 3, 4, 5, 6], embedWidth), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Transposed_IsTheScripts() =>
        Assert.That(new LinearClassifier([1, 2, 3, 4, 5, 6], 3).Transposed(), Is.EqualTo((float[])[1, 4, 2, 5, 3, 6]));
}

using ClipCore.Decomposition;

namespace ClipCore.Tests.Decomposition;

/// <summary>What tells models apart.</summary>
sealed class ModelIdentityTests
{
    static readonly ModelIdentity s_model = new("tiny", new string('a', 64));

    [Test]
    public void Require_SameWeights_UnderAnotherName_IsFine() =>
        Assert.That(() => s_model.Require(new ModelIdentity("renamed", new string('A', 64)), "store"), Throws.Nothing);

    [Test]
    public void Require_OtherWeights_NamesBothModels() =>
        Assert.That(
            () => s_model.Require(new ModelIdentity("tiny", new string('b', 64)), "my-store"),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("my-store").And.Message.Contains("bbbbbbbbbbbbbbbb…").And.Message.Contains(
                "aaaaaaaaaaaaaaaa…"));
}

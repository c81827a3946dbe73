namespace ClipCore.Tests;

public class TestDataTests
{
    [Test]
    public void Golden_Models_AreInTheRepository() => Assert.That(Directory.Exists(TestData.Golden("models/tiny-gelu")), Is.True);
}

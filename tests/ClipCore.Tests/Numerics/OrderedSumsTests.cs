using ClipCore.Numerics;

namespace ClipCore.Tests.Numerics;

public class OrderedSumsTests
{
    [Test]
    public void Dot_IsTheSumInOrder()
    {
        // In another order, or in single precision, the small terms are lost or the large ones do not cancel.
        float[] a = [1e20f, 1, -1e20f, 3], b = [1, 5, 1, 0.5f];
        Assert.That(OrderedSums.Dot(a, b), Is.EqualTo(1.5));
        Assert.That(OrderedSums.Dot([16777217f * 3], [1f / 3]), Is.EqualTo((double)(16777217f * 3) * (1f / 3)));
        Assert.That(OrderedSums.Dot([], []), Is.Zero);
    }

    [Test]
    public void DotAndLength_AboutACenter_TakeItOff()
    {
        double[] center = [1, -1, 0.5];
        Assert.That(OrderedSums.Dot([2, 1, 0.5f], [4, -3, 9], center), Is.EqualTo(3 - 4));
        Assert.That(OrderedSums.Length([4, 3, 0.5f], center), Is.EqualTo(5));
    }
}

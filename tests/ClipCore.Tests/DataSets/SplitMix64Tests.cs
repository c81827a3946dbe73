using ClipCore.DataSets;

namespace ClipCore.Tests.DataSets;

public class SplitMix64Tests
{
    // The authors' program, started with 0 and 1234567.
    [TestCase(0UL, 0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL)]
    [TestCase(1234567UL, 6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL)]
    public void Next_IsTheAuthors(ulong state, ulong first, ulong second, ulong third)
    {
        SplitMix64 numbers = new(state);
        Assert.That((ulong[])[numbers.Next(), numbers.Next(), numbers.Next()], Is.EqualTo((ulong[])[first, second, third]));
    }

    [Test]
    public void NextDouble_IsTheUpperBits_InZeroToOne()
    {
        SplitMix64 numbers = new(0);
        Assert.That(numbers.NextDouble(), Is.EqualTo((0xE220A8397B1DCDAFUL >> 11) / (double)(1UL << 53)));
        for (int i = 0; i < 1000; i++)
            Assert.That(numbers.NextDouble(), Is.InRange(0.0, 1.0).And.LessThan(1.0));
    }
}

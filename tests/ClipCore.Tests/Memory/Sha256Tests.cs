using System.Security.Cryptography;
using System.Text;
using ClipCore.Files;

namespace ClipCore.Tests.Memory;

sealed class Sha256Tests
{
    [TestCase("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [TestCase("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [TestCase("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void StandardsExamples_HaveTheirHash(string text, string expected)
    {
        using Sha256 managed = new(managed: true);
        managed.Append(Encoding.ASCII.GetBytes(text));
        Assert.That(managed.Finish(), Is.EqualTo(expected));
        Assert.That(Sha256.Hex(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));
    }

    [Test]
    public void EveryLength_InAnyPieces_EqualsTheRuntimes()
    {
        Random random = new(3);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            using Sha256 managed = new(managed: true);
            for (int at = 0; at < length;)
            {
                int count = Math.Min(random.Next(1, 90), length - at);
                managed.Append(bytes.AsSpan(at, count));
                at += count;
            }
            Assert.That(managed.Finish(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(bytes))), $"length {length}");
        }
    }
}

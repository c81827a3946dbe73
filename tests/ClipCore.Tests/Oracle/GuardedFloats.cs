using System.Runtime.InteropServices;

namespace ClipCore.Tests.Oracle;

/// <summary>Floats that end where a forbidden page begins: a read or write past the end stops the process. Elsewhere than on Linux, plain memory.</summary>
sealed unsafe partial class GuardedFloats : IDisposable
{
    const int ReadWrite = 3, PrivateAnonymous = 0x22;
    const nint Page = 65536;

    readonly byte* _block;
    readonly nint _bytes;

    public GuardedFloats(int capacity)
    {
        Capacity = capacity;
        _bytes = ((capacity * sizeof(float)) + Page - 1) / Page * Page;
        if (OperatingSystem.IsLinux())
        {
            _block = (byte*)Map(0, _bytes + Page, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.That((nint)_block, Is.Not.EqualTo(-1), "mmap failed");
            Assert.That(Protect((nint)(_block + _bytes), Page, 0), Is.Zero, "mprotect failed");
        }
        else
        {
            _block = (byte*)NativeMemory.AlignedAlloc((nuint)_bytes, 64);
        }
    }

    public int Capacity { get; }

    /// <summary>The last <paramref name="length"/> floats before the forbidden page.</summary>
    public float* Last(int length) => (float*)(_block + _bytes) - length;

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            Unmap((nint)_block, _bytes + Page);
        else
            NativeMemory.AlignedFree(_block);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}

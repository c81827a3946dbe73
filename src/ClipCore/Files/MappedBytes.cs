using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace ClipCore.Files;

/// <summary>Read-only bytes at a fixed address: a mapped file, pinned managed memory or a resource embedded in an assembly.</summary>
/// <remarks>
/// There is no finalizer on purpose: spans do not keep this object alive, and unmapping under a live span would end the process.
/// A mapping that nobody disposes stays until the process ends; as it is read-only and shared, that costs address space only.
/// </remarks>
sealed unsafe class MappedBytes : IDisposable
{
    readonly byte* _data;
    readonly object? _owner;
    MemoryMappedFile? _map;
    MemoryMappedViewAccessor? _view;
    FileStream? _file;
    MemoryHandle _pin;
    volatile bool _disposed;

    MappedBytes(byte* data, long length, object? owner)
    {
        // All formats read here are little-endian and are used in place.
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("ClipCore reads its files in place and needs a little-endian machine.");
        _data = data;
        _owner = owner;
        Length = length;
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Address of the first byte. Valid until <see cref="Dispose"/>.</summary>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return (nint)_data;
        }
    }

    /// <summary>Maps a file for reading; others may read it too, but not write.</summary>
    /// <exception cref="IOException">The file is missing, unreadable, or changes its size while it is opened.</exception>
    public static MappedBytes Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            long length = file.Length;
            if (length == 0)
            {
                file.Dispose();
                return new MappedBytes(null, 0, null);
            }
            map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            if (file.Length != length)
                throw new IOException($"{path} changed its size while it was opened.");
            byte* data = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref data);
            return new MappedBytes(data + view.PointerOffset, length, null) { _map = map, _view = view, _file = file };
        }
        catch
        {
            view?.Dispose();
            map?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Pins managed memory.</summary>
    public static MappedBytes Over(ReadOnlyMemory<byte> memory)
    {
        MemoryHandle pin = memory.Pin();
        return new MappedBytes((byte*)pin.Pointer, memory.Length, null) { _pin = pin };
    }

    /// <summary>The bytes from the stream's position to its end, where they lie: a resource embedded in an assembly is mapped with it.</summary>
    public static MappedBytes Over(UnmanagedMemoryStream stream) => new(stream.PositionPointer, stream.Length - stream.Position, stream);

    /// <summary>A part of the bytes. The span may not be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"Bytes {offset} to {offset + length} do not lie within {Length}.");
        return new ReadOnlySpan<byte>(_data + offset, length);
    }

    /// <summary>Copies a part of the bytes without leaving them in this process's memory as pages of the mapping.</summary>
    /// <exception cref="IOException">The file can't be read, or has become shorter.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (_file == null)
        {
            Span(offset, destination.Length).CopyTo(destination);
            return;
        }
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (destination.Length > 0)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, destination, offset);
            if (count == 0)
                throw new IOException($"{_file.Name} became shorter while it was read: {offset} bytes are there, but it had {Length}.");
            offset += count;
            destination = destination[count..];
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _pin.Dispose();
        if (_view != null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
        _map?.Dispose();
        (_owner as IDisposable)?.Dispose();
    }
}

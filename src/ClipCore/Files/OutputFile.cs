namespace ClipCore.Files;

/// <summary>A file that appears whole or not at all: written under a temporary name in the same folder and moved into place.</summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class OutputFile : IDisposable
{
    readonly string _temporary;
    bool _committed;

    /// <summary>Creates the temporary file; an existing file at <paramref name="path"/> stays until <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The folder does not exist or can't be written.</exception>
    public OutputFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(Path))
            throw new IOException($"{path} is a folder; name a file to write.");
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder {folder} does not exist; create it before writing {System.IO.Path.GetFileName(Path)}.");
        _temporary = $"{Path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new IOException(
                $"{path} can't be written: the folder {folder} takes no new file ({exception.GetBaseException().Message}); choose another.", exception);
        }
    }

    /// <summary>Full path of the finished file.</summary>
    public string Path { get; }

    /// <summary>Where to write.</summary>
    public FileStream Stream { get; }

    /// <summary>Moves the finished file into place, over an older one.</summary>
    public void Commit()
    {
        // A name that outlives a power cut must not stand before its bytes do.
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, Path, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes the temporary file unless <see cref="Commit"/> was called.</summary>
    public void Dispose()
    {
        if (_committed)
            return;
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk refuses what was still in the buffer; the write that failed first has said so, and the file goes anyway.
        }
        File.Delete(_temporary);
    }
}

namespace ClipCore.Files;

/// <summary>Files that appear in a folder together or not at all.</summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class OutputFolder : IDisposable
{
    readonly string _path;
    readonly bool _isNew;
    readonly List<OutputFile> _files = [];
    bool _committed;

    /// <summary>Opens a folder, and makes it where it does not exist.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public OutputFolder(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new IOException("The name of the folder to write into is empty: name one.");
        if (File.Exists(path))
            throw new IOException($"{path} is a file: name a folder to write into.");
        _path = path;
        _isNew = !Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"The folder {path} can't be made: its parent is read-only; choose another place.");
        }
    }

    /// <summary>Adds a file; it is not seen under its name before <see cref="Commit"/>.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        OutputFile file = new(Path.Combine(_path, name));
        _files.Add(file);
        file.Stream.Write(bytes);
    }

    /// <summary>Moves all files into place.</summary>
    public void Commit()
    {
        foreach (OutputFile file in _files)
            file.Commit();
        _committed = true;
    }

    /// <summary>Takes back what was not committed.</summary>
    public void Dispose()
    {
        foreach (OutputFile file in _files)
            file.Dispose();
        if (!_committed && _isNew && Directory.Exists(_path) && !Directory.EnumerateFileSystemEntries(_path).Any())
            Directory.Delete(_path);
    }
}

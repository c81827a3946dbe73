using System.Globalization;

namespace ClipCore.EffectSets;

/// <summary>A folder that one process writes a store into: locked while this lives, and taken back where it does not get a manifest.</summary>
/// <remarks>The lock is an open file: it goes with the process that holds it, however that ends.</remarks>
sealed class StoreFolder : IDisposable
{
    const string LockName = "store.lock", BlockStart = "block-", TensorEnd = ".safetensors", TemporaryEnd = ".tmp";

    readonly string _path;
    readonly bool _isNew;
    readonly FileStream _lock;
    bool _kept;

    StoreFolder(string path, bool isNew, FileStream held) => (_path, _isNew, _lock) = (path, isNew, held);

    /// <summary>Whether a store was begun here.</summary>
    public bool HasManifest => File.Exists(Path.Combine(_path, StoreManifest.FileName));

    /// <summary>Makes the folder where it does not exist, and locks it.</summary>
    /// <exception cref="IOException">It can't be made, or another process writes into it.</exception>
    public static StoreFolder Open(string path)
    {
        if (File.Exists(path))
            throw new IOException($"{path} is a file: name a folder for the store.");
        bool isNew = !Directory.Exists(path);
        try
        {
            Directory.CreateDirectory(path);
            return new StoreFolder(path, isNew, Lock(path));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The folder {path} can't be written ({exception.Message}): name another one.", exception);
        }
    }

    /// <summary>Removes what a process that was killed left behind: half-written files and, without a manifest, everything of the store that never
    /// was.</summary>
    /// <exception cref="IOException">There are other things in the folder, and no store.</exception>
    public void CleanUp()
    {
        bool hasManifest = HasManifest;
        string[] names = [.. Directory.EnumerateFileSystemEntries(_path).Select(entry => Path.GetFileName(entry)).Where(name => name != LockName)];
        if (!hasManifest && names.Any(name => !IsOurs(name)))
            throw new IOException($"{_path} is not empty and no store: name a new folder.");
        foreach (string name in names)
            if (!hasManifest || (name.EndsWith(TemporaryEnd, StringComparison.Ordinal) && IsOurs(name)))
                File.Delete(Path.Combine(_path, name));
    }

    /// <summary>From now on the folder stays as it is, whatever comes.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_kept && !HasManifest)
                foreach (string path in Directory.GetFiles(_path))
                    if (IsOurs(Path.GetFileName(path)) && Path.GetFileName(path) != LockName)
                        File.Delete(path);
        }
        finally
        {
            _lock.Dispose();
        }
        if (!_kept && _isNew && !Directory.EnumerateFileSystemEntries(_path).Any())
            Directory.Delete(_path);
    }

    static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        while (true)
        {
            FileStream held;
            try
            {
                held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
            {
                throw new IOException($"{folder} is being written by another process: wait until it is done, or name another folder.", exception);
            }
            // Where the one before let go between the opening and the locking, its file is gone and what is held here means nothing.
            if (File.Exists(path))
                return held;
            held.Dispose();
        }
    }

    /// <summary>Whether a file of this name is a store's, finished or under its temporary name.</summary>
    static bool IsOurs(string name)
    {
        const int Digits = 32;
        int end = name.Length - TemporaryEnd.Length - Digits - 1;
        if (name.EndsWith(TemporaryEnd, StringComparison.Ordinal) && end > 0 && name[end] == '.'
            && UInt128.TryParse(name.AsSpan(end + 1, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            name = name[..end];
        if (name is StoreManifest.FileName or StoreTable.FileName or StoreClasses.FileName or StoreFiles.BasisName or StoreFiles.StatisticsName or LockName)
            return true;
        return name.Length > BlockStart.Length + TensorEnd.Length && name.StartsWith(BlockStart, StringComparison.Ordinal)
            && name.EndsWith(TensorEnd, StringComparison.Ordinal)
            && !name.AsSpan(BlockStart.Length, name.Length - BlockStart.Length - TensorEnd.Length).ContainsAnyExceptInRange('0', '9');
    }
}

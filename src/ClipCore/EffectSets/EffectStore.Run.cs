using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Images;

namespace ClipCore.EffectSets;

public sealed partial class EffectStore
{
    // Sets of at most so many bytes are kept in memory: half a gigabyte is little on every machine that runs a model, and spares small experiments the disk.
    const long MostInMemory = 512L << 20;

    // The folder that goes with this store; null for one that stays.
    string? _temporary;

    /// <summary>
    /// Passes over a set of images and keeps what every head, MLP and image says: k + 3 numbers a head, and statistics. Interrupted at any moment, by
    /// cancellation, by an exception or by the end of the process, the same call goes on where it was, to the same bits.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="folder">The store's folder: new, empty, or a store that was begun with the same model, images and options.</param>
    /// <param name="options">How to keep it, and which part of the images to do; null for all, as 32-bit floats.</param>
    /// <param name="progress">Told how many images of this part are done, after each block of 64.</param>
    /// <param name="cancellation">Looked at between passes of a few images.</param>
    /// <exception cref="ArgumentException">An option is out of range, or labels and classes do not belong together.</exception>
    /// <exception cref="InvalidDataException">The folder holds another store, or effects are not finite or out of half precision's range.</exception>
    /// <exception cref="ImageException">A picture is damaged or too large, and the options are strict.</exception>
    /// <exception cref="DataSetException">A picture is missing or can't be read, and the options are strict.</exception>
    /// <exception cref="IOException">The folder can't be written, holds other things, or another process writes into it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what is done stays done.</exception>
    public static StoreRunResult Run(
        IImageModel model, ImageSet images, string folder, StoreOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new StoreRun(model, images, folder, options ?? new StoreOptions()).Run(progress, cancellation);
    }

    /// <summary>
    /// Joins the shards of a run into one store, with the same bits as one run. The folder becomes a store at the very end, or is taken back.
    /// </summary>
    /// <param name="shards">The shards' folders, in any order.</param>
    /// <param name="folder">The joint store's folder: new or empty.</param>
    /// <param name="progress">Told how many images are joined.</param>
    /// <param name="cancellation">Looked at between blocks of images.</param>
    /// <exception cref="ArgumentException">There is no shard.</exception>
    /// <exception cref="InvalidDataException">They are not all shards of one run, each once and complete, or one is damaged.</exception>
    /// <exception cref="IOException">A shard can't be read, or the folder can't be written or is not empty.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Merge(IReadOnlyList<string> shards, string folder, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (shards.Count == 0)
            throw new ArgumentException("Name at least one shard to merge.", nameof(shards));
        new StoreMerge(shards).Write(folder, progress, cancellation);
    }

    /// <summary>
    /// Effects of images for experiments, which pass over them several times: computed once, then kept in memory where they take no more than 512 MiB, else
    /// in a store in the system's temporary folder that is deleted when the set is disposed. The numbers are those of a store of 32-bit floats, to the bit.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="skipped">Images that could not be read; they are not in the set.</param>
    /// <param name="options">
    /// <see cref="StoreOptions.Strict"/>, <see cref="StoreOptions.MaxPixels"/> and <see cref="StoreOptions.Classes"/> count; null for the defaults.
    /// </param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between passes of a few images.</param>
    /// <exception cref="ArgumentException">Labels and classes do not belong together.</exception>
    /// <exception cref="InvalidDataException">No image could be read, or effects are not finite.</exception>
    /// <exception cref="IOException">The options are strict and a picture can't be read, or the temporary folder can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EffectSet Compute(
        IImageModel model, ImageSet images, out IReadOnlyList<SkippedImage> skipped, StoreOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default) => Compute(model, images, MostInMemory, out skipped, options, progress, cancellation);

    /// <inheritdoc cref="Compute(IImageModel, ImageSet, out IReadOnlyList{SkippedImage}, StoreOptions?, IProgress{int}?, CancellationToken)"/>
    internal static EffectSet Compute(
        IImageModel model, ImageSet images, long mostInMemory, out IReadOnlyList<SkippedImage> skipped, StoreOptions? options, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new StoreOptions();
        options = new StoreOptions { Strict = options.Strict, MaxPixels = options.MaxPixels, Classes = options.Classes };
        if (images.Count * ImageEffects.BytesOfImage(model) <= mostInMemory)
            return ImageEffects.ToArrays(model, images, options, out skipped, progress, cancellation);
        string folder = Directory.CreateTempSubdirectory("clipcore-").FullName;
        try
        {
            skipped = Run(model, images, folder, options, progress, cancellation).Skipped;
            EffectStore store = Open(folder);
            store._temporary = folder;
            return store;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }
}

using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Text;

namespace ClipCore;

/// <summary>
/// A CLIP model: image and text encoders, and the exact decomposition of image representations. One model serves many threads at once, and may be disposed
/// while calls run; results have the same bits for every register width, thread count and batch size.
/// </summary>
public sealed partial class ClipModel : IImageModel, ITextEncoder, IDisposable
{
    readonly Engine _engine;
    readonly ImagePreprocessor? _preprocessor;
    readonly string? _preprocessFault;
    readonly string? _tokenizerFault;
    readonly Lazy<ModelIdentity> _identity;

    ClipModel(ModelParts parts, Checkpoint checkpoint, TokenizerChoice tokenizer, ClipModelOptions options)
    {
        _engine = new Engine(parts, nameof(ClipModel));
        Checkpoint = new CheckpointInfo(checkpoint);
        Config = checkpoint.Config;
        LogitScale = checkpoint.LogitScale is { } stored ? Elementary.Exp<Lanes1, float>(stored) : 1f;
        LogitBias = checkpoint.LogitBias ?? 0f;
        (Tokenizer, _tokenizerFault) = (tokenizer.Tokenizer, tokenizer.Fault);
        if (Config.Vision != null)
            (_preprocessor, _preprocessFault) = (Config.Preprocess == null ? null : new ImagePreprocessor(Config.Preprocess), checkpoint.PreprocessFault);
        _identity = new Lazy<ModelIdentity>(() => new ModelIdentity(options.Name ?? Checkpoint.Path, Checkpoint.Sha256));
    }

    /// <summary>Loads a model from a folder, a <c>.safetensors</c> file or the index of a sharded checkpoint.</summary>
    /// <param name="path">The folder or file; the configuration and the vocabulary are looked for beside the weights.</param>
    /// <param name="options">Which towers, how many threads, and the like; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the message says why.</exception>
    /// <exception cref="VocabularyException">The vocabulary is not the model's, or the one that the options name is damaged.</exception>
    /// <exception cref="Safetensors.SafetensorsException">A file of weights is damaged.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    public static ClipModel Load(string path, ClipModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ClipModelOptions();
        using Checkpoint checkpoint = Checkpoints.Checkpoint.Open(path, options.Checkpoint);
        return Load(checkpoint, TokenizerChoice.Find(checkpoint, path, options.TokenizerPath), options);
    }

    /// <summary>Loads a model from an open checkpoint, such as one over an embedded resource; it may be disposed afterwards.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="tokenizer">The vocabulary; null without one.</param>
    /// <param name="options">How many threads, and the like; the towers are those of the checkpoint.</param>
    /// <exception cref="CheckpointException">
    /// A weight is not finite or does not fit the format to keep it in, or the model wants another tokenizer than CLIP's.
    /// </exception>
    /// <exception cref="VocabularyException">The vocabulary is not the model's.</exception>
    public static ClipModel Load(Checkpoint checkpoint, ClipTokenizer? tokenizer, ClipModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Load(checkpoint, TokenizerChoice.Given(checkpoint, tokenizer), options ?? new ClipModelOptions());
    }

    static ClipModel Load(Checkpoint checkpoint, TokenizerChoice tokenizer, ClipModelOptions options)
    {
        if (options.Name != null && string.IsNullOrWhiteSpace(options.Name))
            throw new ArgumentException("ClipModelOptions.Name is blank: give a name, or null for the path.", nameof(options));
        RequireFinite(checkpoint, "logit_scale", checkpoint.LogitScale is { } scale ? Elementary.Exp<Lanes1, float>(scale) : null);
        RequireFinite(checkpoint, "logit_bias", checkpoint.LogitBias);
        return new ClipModel(ModelParts.Create(checkpoint, options.Parts), checkpoint, tokenizer, options);
    }

    /// <summary>Sizes and settings of the model.</summary>
    public ClipConfig Config { get; }

    /// <summary>Where the weights came from and what they hold.</summary>
    public CheckpointInfo Checkpoint { get; }

    /// <summary>What cosines are multiplied by before the softmax over texts: exp of the stored <c>logit_scale</c>.</summary>
    public float LogitScale { get; }

    /// <summary>What is added to the scaled cosines: the stored <c>logit_bias</c>, as SigLIP's kind of training has it; 0 without one.</summary>
    public float LogitBias { get; }

    /// <summary>The model's tokenizer; null when the checkpoint came without a vocabulary (token ids can still be given).</summary>
    public ClipTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    /// <exception cref="UnknownPreprocessingException">Nothing tells how pictures are prepared for this model.</exception>
    public ImagePreprocessor Preprocessor => _preprocessor
        ?? throw (_preprocessFault is { } fault ? new UnknownPreprocessingException(Checkpoint.Path, fault) : NoVisionTower());

    static InvalidOperationException NoVisionTower() =>
        new("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    /// <summary>Whether the vision tower is there.</summary>
    public bool HasVision => _engine.HasVision;

    /// <summary>Whether the text tower is there.</summary>
    public bool HasText => _engine.HasText;

    /// <inheritdoc/>
    public VisionConfig VisionConfig => Config.Vision
        ?? throw new InvalidOperationException("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    /// <inheritdoc/>
    public ModelIdentity Identity => _identity.Value;

    /// <summary>The register width in use.</summary>
    public Isa Isa => _engine.Isa;

    /// <summary>Threads in use.</summary>
    public int ThreadCount => _engine.ThreadCount;

    /// <summary>Bytes of weights in memory.</summary>
    public long ResidentBytes => _engine.ResidentBytes;

    /// <summary>Width of the space that images and texts share (e).</summary>
    public int EmbedWidth => _engine.EmbedWidth;

    /// <summary>Floats of one image's pixels: 3 · size · size.</summary>
    public int PixelCount => _engine.Vision.PixelCount;

    /// <summary>
    /// Runs each tower once over made input, so that the first real call finds its memory taken and its code compiled. Changes no result.
    /// </summary>
    public void Warmup()
    {
        if (HasVision)
        {
            NoProbe probe = default;
            _engine.Watch(new float[PixelCount], ref probe);
            _ = _engine.Decompose(new float[PixelCount], new DecomposeOptions(), null);
        }
        if (HasText)
            _engine.EncodeTokens([[Config.Text!.EndTokenId ?? Config.Text.VocabularySize - 1]], new float[EmbedWidth], normalize: false);
    }

    /// <summary>Frees the weights, once no call runs any more; calls that begin later are refused.</summary>
    public void Dispose() => _engine.Dispose();

    /// <summary>Runs the vision tower under a probe. At most eight images.</summary>
    internal void Watch<TProbe>(ReadOnlySpan<float> pixels, ref TProbe probe) where TProbe : struct, IForwardProbe =>
        _engine.Watch(pixels, ref probe);

    static void RequireFinite(Checkpoint checkpoint, string tensor, float? value)
    {
        if (value is { } number && !float.IsFinite(number))
            throw new NonFiniteWeightException(checkpoint.Source, tensor, 0);
    }
}

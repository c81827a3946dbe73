using ClipCore.EffectSets;

namespace ClipCore.Cli.Data;

/// <summary>The direct effects of a data set, computed by a model.</summary>
static class ModelEffects
{
    /// <summary>Runs the model over the pictures.</summary>
    public static EffectSet Compute(ClipModel model, ImageSet images)
    {
        using Progress progress = new("decomposing", "images", images.Entries.Length);
        return EffectStore.Compute(model, images.ToLibrary(), out _, new StoreOptions { Strict = true }, progress);
    }
}

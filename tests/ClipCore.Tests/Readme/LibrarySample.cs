using System.Numerics.Tensors;
using ClipCore.Decomposition;
using ClipCore.Numerics;

namespace ClipCore.Tests.Readme;

/// <summary>The README's library sample, word for word: <see cref="ReadmeTests"/> compares and runs it.</summary>
static class LibrarySample
{
    public static void Run()
    {
        // README begin
        using ClipModel model = ClipModel.Load("weights/demo");
        float[] pixels = model.Preprocessor.Load("weights/demo/samples/duck-in-forest.png");
        Tensor<float> texts = model.EncodeTexts(["a duck in a forest", "a duck on water"]);
        float[] image = model.EncodeImage(pixels);
        Console.WriteLine(model.Probabilities(image, texts)[0]);

        using EffectDirections directions = model.CreateDirections(texts);
        DirectEffects effects = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Head, Directions = directions });
        Console.WriteLine($"head 3 of layer 4: {effects.Head(4, 3)[0]} for the forest, {effects.Head(4, 3)[1]} for the water");
        Console.WriteLine($"the {effects.PartCount} parts add up within {effects.Completeness[0]}");
        // README end
    }
}

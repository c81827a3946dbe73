using Microsoft.ML.OnnxRuntime;

namespace ClipCore.Peers;

/// <summary>The same encoder in ONNX Runtime, on its CPU provider with all its optimisations.</summary>
sealed class OnnxPeer : IDisposable
{
    readonly InferenceSession _session;
    readonly RunOptions _run = new();
    readonly OrtValue _input, _output;
    readonly OrtValue[] _inputs, _outputs;

    public OnnxPeer(string path, int threads, float[] pixels, float[] representations, int batch, int imageSize)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // While the other side is measured, this one's threads must sleep and not spin.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _session = new InferenceSession(path, options);
        _input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, 3, imageSize, imageSize]);
        _output = OrtValue.CreateTensorValueFromMemory(representations, [batch, representations.Length / batch]);
        (_inputs, _outputs) = ([_input], [_output]);
    }

    /// <summary>Encodes the pixels given to the constructor; not normalised.</summary>
    public void Encode() => _session.Run(_run, [VisionGraph.Pixels], _inputs, [VisionGraph.Representation], _outputs);

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}

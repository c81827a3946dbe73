using System.Text.Json.Serialization;

namespace ClipCore.Cli.Results;

/// <summary>How results become JSON, and what their schemas are made from.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, Converters = [typeof(FloatRowConverter), typeof(DoubleRowConverter), typeof(IntegerRowConverter)])]
[JsonSerializable(typeof(Envelope<EncodeResults>))]
[JsonSerializable(typeof(Envelope<DecomposeResults>))]
[JsonSerializable(typeof(Envelope<ClassifyResults>))]
[JsonSerializable(typeof(Envelope<TokenizeResults>))]
[JsonSerializable(typeof(Envelope<PreprocessResults>))]
[JsonSerializable(typeof(Envelope<InfoResults>))]
[JsonSerializable(typeof(Envelope<PoolResults>))]
[JsonSerializable(typeof(Envelope<RunResults>))]
[JsonSerializable(typeof(Envelope<MergeResults>))]
[JsonSerializable(typeof(Envelope<ExportResults>))]
[JsonSerializable(typeof(Envelope<AblateResults>))]
[JsonSerializable(typeof(Envelope<TextSpanResults>))]
[JsonSerializable(typeof(Envelope<SpuriousResults>))]
[JsonSerializable(typeof(Envelope<SegmentResults>))]
[JsonSerializable(typeof(Envelope<HeadsResults>))]
[JsonSerializable(typeof(Envelope<RetrieveResults>))]
[JsonSerializable(typeof(Envelope<ReproduceResults>))]
[JsonSerializable(typeof(Envelope<VerifyResults>))]
[JsonSerializable(typeof(Envelope<BenchResults>))]
[JsonSerializable(typeof(Envelope<ExplainResults>))]
[JsonSerializable(typeof(Envelope<ExplainManyResults>))]
sealed partial class ResultsContext : JsonSerializerContext;

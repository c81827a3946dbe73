using System.Globalization;
using Google.Protobuf;

namespace ClipCore.Peers;

/// <summary>
/// Writes an ONNX file: nodes in the order they are added, weights by reference to the safetensors file beside it, so that both runtimes read the same bytes.
/// Source of the field numbers: onnx.proto of the ONNX project.
/// </summary>
sealed class OnnxGraph
{
    const int Float = 1, Int64 = 7;

    readonly List<byte[]> _nodes = [], _initializers = [], _inputs = [], _outputs = [];
    int _names;

    /// <summary>Adds an operation and returns the name of its first output.</summary>
    public string Add(string operation, string[] inputs, params Attribute[] attributes) => Add("", operation, inputs, 1, attributes)[0];

    /// <summary>Adds an operation of a domain with several outputs and returns their names.</summary>
    public string[] Add(string domain, string operation, string[] inputs, int outputs, params Attribute[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName(operation))];
        _nodes.Add(Message(node =>
        {
            foreach (string input in inputs)
                Text(node, 1, input);
            foreach (string name in names)
                Text(node, 2, name);
            Text(node, 3, names[0] + "_node");
            Text(node, 4, operation);
            foreach (Attribute attribute in attributes)
                Bytes(node, 5, attribute.Encoded);
            Text(node, 7, domain);
        }));
        return names;
    }

    /// <summary>Adds weights that lie in a file beside the model.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="shape">Shape of the floats.</param>
    public string Weights(string file, long offset, params long[] shape)
    {
        string name = NewName("weight");
        long length = shape.Aggregate((long)sizeof(float), (product, size) => product * size);
        _initializers.Add(Message(tensor =>
        {
            foreach (long size in shape)
                Integer(tensor, 1, size);
            Integer(tensor, 2, Float);
            Text(tensor, 8, name);
            foreach ((string key, string value) in (ReadOnlySpan<(string, string)>)[("location", file), ("offset", Invariant(offset)),
                ("length", Invariant(length))])
                Bytes(tensor, 13, Message(entry =>
                {
                    Text(entry, 1, key);
                    Text(entry, 2, value);
                }));
            Integer(tensor, 14, 1);
        }));
        return name;
    }

    /// <summary>Adds a small constant of whole numbers.</summary>
    public string Constant(params long[] values) => Constant(Int64, values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>Adds one float.</summary>
    public string Constant(float value) => Constant(Float, null, BitConverter.GetBytes(value));

    /// <summary>Declares an input.</summary>
    public void Input(string name, params long[] shape) => _inputs.Add(Value(name, shape));

    /// <summary>Declares an output: another name for a value.</summary>
    public void Output(string value, string name, params long[] shape)
    {
        _nodes.Add(Message(node =>
        {
            Text(node, 1, value);
            Text(node, 2, name);
            Text(node, 4, "Identity");
        }));
        _outputs.Add(Value(name, shape));
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path) => File.WriteAllBytes(path, Message(model =>
    {
        Integer(model, 1, 9);
        Text(model, 2, "ClipCore.Peers");
        Bytes(model, 7, Message(graph =>
        {
            foreach (byte[] node in _nodes)
                Bytes(graph, 1, node);
            Text(graph, 2, "vision");
            foreach (byte[] initializer in _initializers)
                Bytes(graph, 5, initializer);
            foreach (byte[] input in _inputs)
                Bytes(graph, 11, input);
            foreach (byte[] output in _outputs)
                Bytes(graph, 12, output);
        }));
        foreach ((string domain, int version) in (ReadOnlySpan<(string, int)>)[("", 20), ("com.microsoft", 1)])
            Bytes(model, 8, Message(set =>
            {
                Text(set, 1, domain);
                Integer(set, 2, version);
            }));
    }));

    string Constant(int type, long? length, byte[] data)
    {
        string name = NewName("constant");
        _initializers.Add(Message(tensor =>
        {
            if (length is { } count)
                Integer(tensor, 1, count);
            Integer(tensor, 2, type);
            Text(tensor, 8, name);
            Bytes(tensor, 9, data);
        }));
        return name;
    }

    static byte[] Value(string name, long[] shape) => Message(value =>
    {
        Text(value, 1, name);
        Bytes(value, 2, Message(type => Bytes(type, 1, Message(tensor =>
        {
            Integer(tensor, 1, Float);
            Bytes(tensor, 2, Message(dimensions =>
            {
                foreach (long size in shape)
                    Bytes(dimensions, 1, Message(dimension => Integer(dimension, 1, size)));
            }));
        }))));
    });

    string NewName(string stem) => stem + Invariant(_names++);

    static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);

    static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream memory = new();
        using (CodedOutputStream stream = new(memory, leaveOpen: true))
            write(stream);
        return memory.ToArray();
    }

    static void Integer(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }

    static void Text(CodedOutputStream stream, int field, string value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(value);
    }

    static void Bytes(CodedOutputStream stream, int field, byte[] value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(ByteString.CopyFrom(value));
    }

    /// <summary>A named setting of an operation.</summary>
    public readonly struct Attribute
    {
        Attribute(byte[] encoded) => Encoded = encoded;

        /// <summary>The message as it is written.</summary>
        public byte[] Encoded { get; }

        public static Attribute Of(string name, long value) => new(Message(attribute =>
        {
            Text(attribute, 1, name);
            Integer(attribute, 3, value);
            Integer(attribute, 20, 2);
        }));

        public static Attribute Of(string name, float value) => new(Message(attribute =>
        {
            Text(attribute, 1, name);
            attribute.WriteTag(2, WireFormat.WireType.Fixed32);
            attribute.WriteFloat(value);
            Integer(attribute, 20, 1);
        }));

        public static Attribute Of(string name, params long[] values) => new(Message(attribute =>
        {
            Text(attribute, 1, name);
            foreach (long value in values)
                Integer(attribute, 8, value);
            Integer(attribute, 20, 7);
        }));
    }
}

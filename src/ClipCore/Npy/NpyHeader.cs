using System.Globalization;
using System.Text;
using ClipCore.Files;

namespace ClipCore.Npy;

/// <summary>The header of a <c>.npy</c> file, versions 1.0 and 2.0: magic, version, length, and a Python dictionary in ASCII.</summary>
sealed record NpyHeader(DType Type, long[] Shape, long DataOffset)
{
    /// <summary>NumPy itself refuses headers longer than this by default.</summary>
    const int LongestHeader = 10_000;

    /// <summary>NumPy's limit is 64; nothing here has more than five.</summary>
    const int MostDimensions = 32;

    static readonly (DType Type, string Code)[] s_codes =
    [
        (DType.F16, "<f2"), (DType.F32, "<f4"), (DType.F64, "<f8"), (DType.Bool, "|b1"), (DType.I8, "|i1"), (DType.U8, "|u1"),
        (DType.I16, "<i2"), (DType.U16, "<u2"), (DType.I32, "<i4"), (DType.U32, "<u4"), (DType.I64, "<i8"), (DType.U64, "<u8"),
    ];

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Product of the shape.</summary>
    public long ElementCount => Product(Shape, 1) ?? throw new OverflowException();

    /// <summary>Reads and checks a header at the start of a file of <paramref name="length"/> bytes.</summary>
    /// <exception cref="NpyException">The header breaks a rule, or its shape does not fit the file's length.</exception>
    public static NpyHeader Parse(string file, ReadOnlySpan<byte> start, long length)
    {
        if (start.Length < 10 || !start.StartsWith(Magic))
            throw new NpyException(file, "not a .npy file: it does not begin with the bytes 93 'NUMPY' and a version.");
        (byte major, byte minor) = (start[6], start[7]);
        if (minor != 0 || major is not (1 or 2))
            throw new NpyException(file, $".npy version {major}.{minor} is not supported; save it as version 1.0 or 2.0 (numpy.save does).");
        int prefix = major == 1 ? 10 : 12;
        if (start.Length < prefix)
            throw new NpyException(file, "cut off within its header length.");
        uint headerLength = major == 1 ? BitConverter.ToUInt16(start[8..]) : BitConverter.ToUInt32(start[8..]);
        if (headerLength > LongestHeader)
            throw new NpyException(file, $"claims a header of {headerLength} bytes; at most {LongestHeader} are read.");
        if (start.Length < prefix + headerLength)
            throw new NpyException(file, $"cut off within its header: {headerLength} bytes are promised, {start.Length - prefix} are there.");

        NpyHeader header = new HeaderText(file, start.Slice(prefix, (int)headerLength)).Read() with { DataOffset = prefix + headerLength };
        int elementBytes = header.Type.Bits() / 8;
        if (Product(header.Shape, elementBytes) is not long bytes)
            throw new NpyException(file, $"shape {Describe(header.Shape)} has more elements than a file can hold.");
        long there = length - header.DataOffset;
        if (there != bytes)
            throw new NpyException(file, $"shape {Describe(header.Shape)} of {elementBytes}-byte elements needs {bytes} bytes of data, {there} are there"
                + (there < bytes ? "; the file is cut off." : "; something follows the array."));
        return header;
    }

    /// <summary>
    /// Writes a version 1.0 header whose length is a multiple of 64 and which leaves room for the first dimension to grow to
    /// 19 digits, so that a streaming writer can put the true count in later.
    /// </summary>
    public static byte[] Format(DType type, ReadOnlySpan<long> shape)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{{'descr': '{Code(type)}', 'fortran_order': False, 'shape': (");
        for (int i = 0; i < shape.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{shape[i]}{(i < shape.Length - 1 ? ", " : shape.Length == 1 ? "," : "")}");
        text.Append("), }");
        const int Prefix = 10;
        int growth = shape.Length == 0 ? 0 : 19 - shape[0].ToString(CultureInfo.InvariantCulture).Length;
        int total = (Prefix + text.Length + growth + 1 + 63) / 64 * 64;
        text.Append(' ', total - Prefix - text.Length - 1).Append('\n');

        byte[] header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BitConverter.TryWriteBytes(header.AsSpan(8), (ushort)(total - Prefix));
        Encoding.ASCII.GetBytes(text.ToString(), header.AsSpan(Prefix));
        return header;
    }

    /// <summary>The type of the elements of a .NET array.</summary>
    /// <exception cref="NotSupportedException"><c>.npy</c> files of this type are not written.</exception>
    public static DType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.F32
        : typeof(T) == typeof(Half) ? DType.F16
        : typeof(T) == typeof(double) ? DType.F64
        : typeof(T) == typeof(int) ? DType.I32
        : typeof(T) == typeof(long) ? DType.I64
        : typeof(T) == typeof(byte) ? DType.U8
        : typeof(T) == typeof(sbyte) ? DType.I8
        : typeof(T) == typeof(bool) ? DType.Bool
        : throw new NotSupportedException($"Arrays of {typeof(T).Name} can't be kept in .npy files; use float, Half, double, int, long, byte, sbyte or bool.");

    /// <summary>The shape as Python writes it.</summary>
    public static string Describe(ReadOnlySpan<long> shape) => $"({string.Join(", ", shape.ToArray())}{(shape.Length == 1 ? "," : "")})";

    static string Code(DType type)
    {
        foreach ((DType candidate, string code) in s_codes)
            if (candidate == type)
                return code;
        throw new NotSupportedException($"Elements of type {type.Name()} can't be kept in .npy files.");
    }

    static long? Product(ReadOnlySpan<long> shape, long product)
    {
        // A zero anywhere makes the array empty, however large the other dimensions are.
        if (shape.Contains(0))
            return 0;
        foreach (long dimension in shape)
        {
            if (product > long.MaxValue / dimension)
                return null;
            product *= dimension;
        }
        return product;
    }

    /// <summary>Reads the dictionary: three known keys in any order, each once, nothing else.</summary>
    ref struct HeaderText(string file, ReadOnlySpan<byte> text)
    {
        readonly ReadOnlySpan<byte> _text = text;
        int _at;

        public NpyHeader Read()
        {
            DType? type = null;
            bool? fortran = null;
            long[]? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                string key = Quoted("a key");
                Expect(':');
                switch (key)
                {
                    case "descr" when type is null: type = ElementType(); break;
                    case "fortran_order" when fortran is null: fortran = Boolean(); break;
                    case "shape" when shape is null: shape = Dimensions(); break;
                    case "descr" or "fortran_order" or "shape": throw Fault($"the key '{key}' appears twice");
                    default: throw Fault($"unknown key '{key}'");
                }
                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }
            SkipSpace();
            if (_at != _text.Length)
                throw Fault($"unexpected text after the dictionary, at byte {_at}");
            if (type is null || fortran is null || shape is null)
                throw Fault($"the key '{(type is null ? "descr" : fortran is null ? "fortran_order" : "shape")}' is missing");
            if (fortran.Value)
                throw new NpyException(file, "is in Fortran order; save it with numpy.ascontiguousarray(array).");
            return new NpyHeader(type.Value, shape, 0);
        }

        DType ElementType()
        {
            SkipSpace();
            if (_at < _text.Length && _text[_at] == '[')
                throw new NpyException(file, "holds records (a structured dtype); save one plain array for each field.");
            string code = Quoted("an element type");
            foreach ((DType type, string known) in s_codes)
                if (known == code || (type.Bits() == 8 && known.AsSpan(1).SequenceEqual(code.AsSpan(1)) && code[0] is '<' or '=' or '>'))
                    return type;
            if (code.StartsWith('>'))
                throw new NpyException(file, $"is big-endian ('{code}'); save it with array.astype('{code.Replace('>', '<')}').");
            if (code.EndsWith('O'))
                throw new NpyException(file, "holds Python objects, which only Python can read; save numbers.");
            throw new NpyException(file, $"element type '{code}' is not supported; known are {string.Join(' ', s_codes.Select(row => row.Code))}.");
        }

        bool Boolean()
        {
            SkipSpace();
            ReadOnlySpan<byte> rest = _text[_at..];
            bool value = rest.StartsWith("True"u8);
            if (!value && !rest.StartsWith("False"u8))
                throw Fault("fortran_order is neither True nor False");
            _at += value ? 4 : 5;
            return value;
        }

        long[] Dimensions()
        {
            List<long> shape = [];
            Expect('(');
            while (!Accept(')'))
            {
                if (shape.Count == MostDimensions)
                    throw Fault($"the shape has more than {MostDimensions} dimensions");
                shape.Add(Number());
                if (!Accept(','))
                {
                    Expect(')');
                    if (shape.Count == 1)
                        throw Fault("the shape is no tuple: a single dimension is written (n,)");
                    break;
                }
            }
            return [.. shape];
        }

        long Number()
        {
            SkipSpace();
            int start = _at;
            while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
                _at++;
            if (!long.TryParse(_text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                throw Fault($"the shape holds something else than whole numbers from 0 to 2^63-1, at byte {start}");
            return value;
        }

        string Quoted(string what)
        {
            SkipSpace();
            if (_at == _text.Length || _text[_at] is not ((byte)'\'' or (byte)'"'))
                throw Fault($"{what} in quotes is expected at byte {_at}");
            byte quote = _text[_at++];
            int length = _text[_at..].IndexOf(quote);
            if (length < 1)
                throw Fault($"{what} is empty or has no closing quote, at byte {_at}");
            string value = Encoding.Latin1.GetString(_text.Slice(_at, length));
            _at += length + 1;
            return value;
        }

        void Expect(char symbol)
        {
            if (!Accept(symbol))
                throw Fault($"'{symbol}' is expected at byte {_at}");
        }

        bool Accept(char symbol)
        {
            SkipSpace();
            if (_at == _text.Length || _text[_at] != symbol)
                return false;
            _at++;
            return true;
        }

        void SkipSpace()
        {
            while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
                _at++;
        }

        readonly NpyException Fault(string fault) => new(file, $"malformed .npy header: {fault}.");
    }
}

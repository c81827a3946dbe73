using System.Buffers.Binary;

namespace ClipCore.Images;

/// <summary>Walks through the data of a JPEG's scan without making pixels of it, to tell a whole one from one that is cut off.</summary>
sealed class JpegScan
{
    const int Blocks = 64;

    readonly byte[] _file;
    readonly HuffmanCodes?[] _dc = new HuffmanCodes?[4], _ac = new HuffmanCodes?[4];
    readonly List<Component> _components = [];
    int _at, _end, _bits, _bitCount, _restartInterval;

    JpegScan(byte[] file) => _file = file;

    /// <summary>
    /// Where the data of the only scan of a JPEG without progressive coding ends; −1 where it is not whole, or the file is of another kind. Pillow, too, takes
    /// a file without end mark in this case only.
    /// </summary>
    public static int EndOfOnlyScan(byte[] file)
    {
        try
        {
            return new JpegScan(file).Walk();
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentOutOfRangeException or EndOfStreamException or InvalidDataException)
        {
            return -1;
        }
    }

    int Walk()
    {
        int width = 0, height = 0;
        for (int at = 2; at + 4 <= _file.Length;)
        {
            int marker = _file[at + 1];
            if (_file[at] != 0xFF)
                return -1;
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at + 2));
            ReadOnlySpan<byte> segment = _file.AsSpan(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xC0 or 0xC1:
                    (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
                    for (int i = 0; i < segment[5]; i++)
                        _components.Add(new Component(segment[6 + (3 * i)], segment[7 + (3 * i)] >> 4, segment[7 + (3 * i)] & 15));
                    break;
                case 0xC4:
                    ReadCodes(segment);
                    break;
                case 0xDD:
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xDA:
                    return segment[0] == _components.Count && width > 0 && height > 0 ? WalkScan(segment, width, height, at) : -1;
                case >= 0xC2 and <= 0xCF:
                    return -1;
            }
        }
        return -1;
    }

    void ReadCodes(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            int count = 0;
            foreach (byte n in segment.Slice(1, 16))
                count += n;
            (segment[0] >> 4 == 0 ? _dc : _ac)[segment[0] & 3] = new HuffmanCodes(segment.Slice(1, 16), segment.Slice(17, count));
            segment = segment[(17 + count)..];
        }
    }

    int WalkScan(ReadOnlySpan<byte> segment, int width, int height, int start)
    {
        foreach (Component component in _components)
            for (int i = 0; i < segment[0]; i++)
                if (segment[1 + (2 * i)] == component.Id)
                    (component.Dc, component.Ac) = (_dc[(segment[2 + (2 * i)] >> 4) & 3], _ac[segment[2 + (2 * i)] & 3]);
        (_at, _end) = (start, _file.Length);
        // A single component is stored block by block, several are interleaved in units of the largest sampling.
        bool isSingle = _components.Count == 1;
        int unitWidth = isSingle ? 8 : 8 * _components.Max(component => component.Horizontal);
        int unitHeight = isSingle ? 8 : 8 * _components.Max(component => component.Vertical);
        long units = (long)((width + unitWidth - 1) / unitWidth) * ((height + unitHeight - 1) / unitHeight);
        for (long unit = 0; unit < units; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
                Restart();
            foreach (Component component in _components)
                for (int block = isSingle ? 1 : component.Horizontal * component.Vertical; block > 0; block--)
                    WalkBlock(component.Dc ?? throw new InvalidDataException(), component.Ac ?? throw new InvalidDataException());
        }
        return _at;
    }

    void WalkBlock(HuffmanCodes dc, HuffmanCodes ac)
    {
        Skip(Symbol(dc));
        for (int k = 1; k < Blocks; k++)
        {
            int symbol = Symbol(ac), size = symbol & 15;
            if (size == 0 && symbol != 0xF0)
                break;
            k += symbol >> 4;
            Skip(size);
        }
    }

    int Symbol(HuffmanCodes codes)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code = (code << 1) | Bit();
            if (codes.Find(code, length) is >= 0 and int symbol)
                return symbol;
        }
        throw new InvalidDataException();
    }

    void Skip(int bits)
    {
        for (; bits > 0; bits--)
            Bit();
    }

    int Bit()
    {
        if (_bitCount == 0)
        {
            if (_at >= _end)
                throw new EndOfStreamException();
            _bits = _file[_at++];
            if (_bits == 0xFF)
            {
                // A byte of ones is followed by a zero; anything else is a marker, where the data ends.
                if (_at >= _end || _file[_at] != 0)
                    throw new EndOfStreamException();
                _at++;
            }
            _bitCount = 8;
        }
        return (_bits >> --_bitCount) & 1;
    }

    void Restart()
    {
        _bitCount = 0;
        if (_at + 2 > _end || _file[_at] != 0xFF || _file[_at + 1] is < 0xD0 or > 0xD7)
            throw new EndOfStreamException();
        _at += 2;
    }

    /// <summary>A colour component: its sampling, and its codes in the scan.</summary>
    sealed class Component(int id, int horizontal, int vertical)
    {
        public int Id => id;

        public int Horizontal => horizontal;

        public int Vertical => vertical;

        public HuffmanCodes? Dc { get; set; }

        public HuffmanCodes? Ac { get; set; }
    }

    /// <summary>Canonical Huffman codes by length (JPEG standard, annex C).</summary>
    sealed class HuffmanCodes
    {
        readonly int[] _first = new int[17], _count = new int[17], _start = new int[17];
        readonly byte[] _symbols;

        public HuffmanCodes(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
        {
            _symbols = symbols.ToArray();
            for (int length = 1, code = 0, at = 0; length <= 16; length++)
            {
                (_first[length], _count[length], _start[length]) = (code, counts[length - 1], at);
                at += counts[length - 1];
                code = (code + counts[length - 1]) << 1;
            }
        }

        /// <returns>The symbol; −1 where no code of this length is so.</returns>
        public int Find(int code, int length) => code - _first[length] is >= 0 and int offset && offset < _count[length]
            ? _symbols[_start[length] + offset] : -1;
    }
}

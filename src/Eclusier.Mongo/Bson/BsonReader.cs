using System.Text;

namespace Eclusier.Mongo.Bson;

/// <summary>A field of a document.</summary>
public readonly record struct BsonElement(string Name, BsonValue Value);

/// <summary>Goes through the fields of a document without copying any.</summary>
/// <remarks>A struct: pass it by reference.</remarks>
public struct BsonReader(ReadOnlyMemory<byte> document)
{
    private readonly ReadOnlyMemory<byte> _document = document;
    private int _next = 4;
    private int _name;
    private int _nameLength;
    private int _valueSize;

    public BsonType Type { get; private set; }

    public readonly ReadOnlySpan<byte> NameBytes => _document.Span.Slice(_name, _nameLength);

    public readonly string Name => Encoding.UTF8.GetString(NameBytes);

    public readonly BsonValue Value => new(Type, _document.Slice(_name + _nameLength + 1, _valueSize));

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="FormatException">The bytes are not BSON.</exception>
    public bool Read()
    {
        var span = _document.Span;
        if (_next >= span.Length)
            throw BsonFormat.Truncated();
        Type = (BsonType)span[_next];
        if (Type == BsonType.Missing)
            return _next == span.Length - 1 ? false : throw new FormatException("A BSON document ends before its length says so.");
        _name = _next + 1;
        _nameLength = BsonFormat.NameLength(span[_name..]);
        var value = _name + _nameLength + 1;
        // The last byte is the document's own end.
        _valueSize = BsonFormat.ValueSize(Type, span[value..^1]);
        _next = value + _valueSize;
        return true;
    }
}

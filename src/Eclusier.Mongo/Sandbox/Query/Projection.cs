using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Query;

/// <summary>Chooses and computes fields: a find's projection, and <c>$project</c>.</summary>
internal sealed class Projection
{
    private readonly Branch _fields = new();
    private readonly bool _including;

    /// <exception cref="CommandError">Fields are both chosen and left out.</exception>
    public Projection(BsonDocument specification)
    {
        var leaves = Leaves(specification, "").ToList();
        var others = leaves.Where(leaf => leaf.Path != "_id").ToList();
        _including = others.Count > 0 ? others.Exists(leaf => !IsExclusion(leaf.Value)) : leaves.Exists(leaf => !IsExclusion(leaf.Value));
        if (others.Exists(leaf => IsExclusion(leaf.Value) == _including && !IsSlice(leaf.Value)))
            throw new CommandError(31254, "Location31254", "Cannot do exclusion in inclusion projection");
        foreach (var (path, value) in leaves)
            _fields.Add(path.Split('.'), ParseLeaf(path, value));
        if (_including && !leaves.Exists(leaf => leaf.Path == "_id"))
            _fields.Add(["_id"], new Leaf(Keep: true, Compute: null));
    }

    public BsonDocument Apply(BsonDocument document) => Apply(document, _fields, Variables.Of(document));

    private static IEnumerable<(string Path, BsonValue Value)> Leaves(BsonDocument specification, string prefix)
    {
        foreach (var (name, value) in specification)
        {
            if (value.Type == BsonType.Document && !FieldTest.IsOperators(value.AsDocument))
            {
                foreach (var leaf in Leaves(value.AsDocument, $"{prefix}{name}."))
                    yield return leaf;
            }
            else
            {
                yield return ($"{prefix}{name}", value);
            }
        }
    }

    private static bool IsExclusion(BsonValue value) => (value.IsNumber || value.Type == BsonType.Boolean) && !Expressions.IsTrue(value);

    /// <summary>It neither chooses nor leaves out other fields.</summary>
    private static bool IsSlice(BsonValue value) => value.Type == BsonType.Document && value.AsDocument.TryGet("$slice", out _);

    private static Leaf ParseLeaf(string path, BsonValue value)
    {
        if (value.IsNumber || value.Type == BsonType.Boolean)
            return new Leaf(Expressions.IsTrue(value), null);
        if (value.Type == BsonType.Document && value.AsDocument.TryGet("$elemMatch", out var wanted))
            return new Leaf(Keep: true, FirstMatch(new FieldPath(path), wanted));
        if (IsSlice(value))
            throw CommandError.NotImplemented("$slice in a projection");
        return new Leaf(Keep: true, Expressions.Parse(value));
    }

    private static Expression FirstMatch(FieldPath path, BsonValue wanted)
    {
        var accepts = FieldTest.ParseOperators(BsonDocument.Of(("$elemMatch", wanted)));
        return variables => path.Evaluate(variables.Root) is { Type: BsonType.Array } array
            && array.AsDocument.Values().Where(element => accepts([BsonValue.Array([element])])).Take(1).ToList() is { Count: 1 } first
                ? BsonValue.Array(first)
                : default;
    }

    private BsonDocument Apply(BsonDocument document, Branch branch, Variables variables)
    {
        var writer = new BsonWriter();
        foreach (var (name, value) in document)
        {
            if (!branch.Fields.TryGetValue(name, out var node))
            {
                if (!_including)
                    writer.Add(name, value);
            }
            else if (node is Branch inner)
            {
                writer.Add(name, ApplyInside(value, inner, variables));
            }
            else if (node is Leaf { Keep: true, Compute: null })
            {
                writer.Add(name, value);
            }
        }
        foreach (var (name, node) in branch.Fields)
        {
            if (node is Leaf { Compute: { } compute })
                writer.Add(name, compute(variables));
            else if (node is Branch { Computes: true } inner && !document.TryGet(name, out _))
                writer.Add(name, Apply(BsonDocument.Empty, inner, variables));
        }
        return writer.ToDocument();
    }

    /// <summary>Documents in arrays are treated one by one; a plain value has no such field to choose.</summary>
    private BsonValue ApplyInside(BsonValue value, Branch branch, Variables variables) => value.Type switch
    {
        BsonType.Document => Apply(value.AsDocument, branch, variables),
        BsonType.Array => BsonValue.Array(value.AsDocument.Values()
            .Select(element => ApplyInside(element, branch, variables))
            .Where(element => !element.IsMissing)),
        _ => _including ? default : value,
    };

    private abstract record Node;

    private sealed record Leaf(bool Keep, Expression? Compute) : Node;

    private sealed record Branch : Node
    {
        public OrderedDictionary<string, Node> Fields { get; } = new(StringComparer.Ordinal);

        public bool Computes => Fields.Values.Any(node => node is Leaf { Compute: not null } or Branch { Computes: true });

        public void Add(ReadOnlySpan<string> path, Leaf leaf)
        {
            if (path.Length == 1)
                Fields[path[0]] = leaf;
            else if (Fields.TryGetValue(path[0], out var node) && node is Branch inner)
                inner.Add(path[1..], leaf);
            else
                AddBranch(path, leaf);
        }

        private void AddBranch(ReadOnlySpan<string> path, Leaf leaf)
        {
            var branch = new Branch();
            branch.Add(path[1..], leaf);
            Fields[path[0]] = branch;
        }
    }
}

namespace Eclusier.Runbooks;

/// <summary>The section <c>collections:</c>: which of MongoDB's collections are copied, and what becomes of their documents on the way.</summary>
/// <param name="From">The environment that is read.</param>
/// <param name="To">The environment that is written.</param>
public sealed record CollectionSettings(string From, string To)
{
    /// <summary>Globs over names; what none of them matches is left alone.</summary>
    public IReadOnlyList<string> Copy { get; init; } = ["*"];

    /// <summary>Globs over names that are left alone all the same.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>In the order in which they are applied to a document.</summary>
    public IReadOnlyList<Transform> Transforms { get; init; } = [];

    /// <summary>Indexes beside those of the source.</summary>
    public IReadOnlyList<IndexSettings> Indexes { get; init; } = [];

    public CleanupSettings? Cleanup { get; init; }
}

/// <summary>A value as a runbook can write it.</summary>
/// <param name="Value">A <see cref="string"/>, <see cref="long"/>, <see cref="double"/> or <see cref="bool"/>; or null.</param>
public sealed record Constant(object? Value);

/// <summary>A change to documents on their way. <c>_id</c> is never changed.</summary>
/// <param name="In">The collection whose documents it changes.</param>
public abstract record Transform(string In);

/// <summary>Each child document becomes one entry of a map in its parent.</summary>
/// <param name="From">The children's collection.</param>
/// <param name="Into">The parents' collection.</param>
public sealed record Embed(string From, string Into) : Transform(Into)
{
    /// <summary>Field of the child, and the field of the parent that has the same value.</summary>
    public required IReadOnlyDictionary<string, string> Match { get; init; }

    /// <summary>Path of the entry in the parent, with fields of the child in braces: <c>translations.{targetLanguage}</c>.</summary>
    public required string At { get; init; }

    /// <summary>Fields of the entry, in their order, and where each comes from.</summary>
    public required IReadOnlyList<EmbeddedField> Fields { get; init; }
}

/// <summary>A field of an entry.</summary>
/// <param name="Name">Its name in the entry.</param>
/// <param name="From">Path in the child.</param>
/// <param name="Default">What stands in for a value that is missing, null or empty text; null: there is none, and a missing value stays missing.</param>
public sealed record EmbeddedField(string Name, string From, Constant? Default = null);

/// <summary>Replaces text inside strings.</summary>
/// <param name="In">The collection.</param>
/// <param name="Fields">Paths; arrays on the way are looked into.</param>
public sealed record Replace(string In, IReadOnlyList<string> Fields, string Text, string With) : Transform(In);

/// <summary>Renames fields.</summary>
/// <param name="Fields">Old path and new path.</param>
public sealed record Rename(string In, IReadOnlyDictionary<string, string> Fields) : Transform(In);

/// <summary>Gives fields the same value in every document.</summary>
/// <param name="Fields">Path and value.</param>
public sealed record Set(string In, IReadOnlyDictionary<string, Constant> Fields) : Transform(In);

/// <summary>Removes fields.</summary>
/// <param name="Fields">Paths.</param>
public sealed record Unset(string In, IReadOnlyList<string> Fields) : Transform(In);

/// <summary>Copies only some documents.</summary>
/// <param name="Where">A query of MongoDB's, as extended JSON, over the documents as the source holds them.</param>
public sealed record Filter(string In, string Where) : Transform(In);

/// <summary>An index that the runbook asks for.</summary>
/// <param name="On">The collection.</param>
/// <param name="Keys">In their order.</param>
public sealed record IndexSettings(string On, IReadOnlyList<IndexKey> Keys)
{
    public bool Unique { get; init; }

    public bool Sparse { get; init; }

    /// <summary>Extended JSON; null: all documents.</summary>
    public string? PartialFilter { get; init; }

    /// <summary>Null: MongoDB's own, made of the keys.</summary>
    public string? Name { get; init; }

    /// <summary>How long after the time in the indexed field MongoDB deletes a document; null: never.</summary>
    public TimeSpan? ExpireAfter { get; init; }
}

/// <summary>A field of an index.</summary>
/// <param name="Direction"><c>1</c>, <c>-1</c>, <c>text</c>, <c>hashed</c>, <c>2dsphere</c>: as the runbook writes it.</param>
public sealed record IndexKey(string Field, string Direction);

/// <summary>Collections that nobody needs any more.</summary>
/// <param name="Drop">Globs over names.</param>
/// <param name="After">How long after the run.</param>
public sealed record CleanupSettings(IReadOnlyList<string> Drop, TimeSpan After)
{
    /// <summary>Two days: long enough to miss something.</summary>
    public static readonly TimeSpan DefaultAfter = TimeSpan.FromHours(48);
}

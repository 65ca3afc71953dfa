using Eclusier.Evidence;

namespace Eclusier.Postgres.Extensions;

/// <summary>The names that a copy's server cannot know because it lacks extensions, each with the extension that it takes.</summary>
internal sealed class UnprovenNames
{
    private readonly List<(CatalogName Name, string Extension)> _names = [];

    private readonly List<(CatalogName Name, string Extension)> _made = [];

    /// <summary>Missing extensions that nobody could look into.</summary>
    private readonly Dictionary<string, (string? Schema, string Because)> _unknown = new(StringComparer.Ordinal);

    public bool Any => _names.Count + _unknown.Count > 0;

    public void Add(CatalogName name, string extension) => _names.Add((name, extension));

    /// <summary>Of something that a step would have made: the server would have given names to its parts.</summary>
    public void AddMade(CatalogName name, string extension)
    {
        _made.Add((name, extension));
        Add(name, extension);
    }

    /// <summary>An extension's own names.</summary>
    /// <param name="dumped">Null: nobody knows them.</param>
    /// <param name="schema">Where it was to be, when they are not known.</param>
    /// <param name="because">The extension that it takes to have this one.</param>
    public void Add(string extension, DumpedExtension? dumped, string? schema, string because)
    {
        Add(new CatalogName("extension", null, extension), because);
        if (dumped is null)
        {
            _unknown[extension] = (schema, because);
            return;
        }

        foreach (var (kind, names) in dumped.Members)
        {
            foreach (var name in names)
                Add(Member(kind, name, dumped.Schema), because);
        }
    }

    /// <returns>The extension whose absence explains it; null when none does.</returns>
    public string? Explain(RefusedName refused) =>
        Find(_names, known => known.Is(refused))
        ?? Find(_names, known => known.Kind == "schema" && refused.Name.StartsWith($"{known.Name}.", StringComparison.Ordinal))
        ?? Find(_made, known => known.Implies(refused))
        ?? _unknown.Where(extension => KnownExtensions.Brings(extension.Key, extension.Value.Schema, refused)).Select(extension => extension.Value.Because).FirstOrDefault();

    /// <returns>The extension without which a relation of this name is not what it should be; null when there is no such relation.</returns>
    public string? OfRelation(string? schema, string name) =>
        Explain(new RefusedName(NameKind.Relation, schema is null ? name : $"{schema}.{name}"));

    private static string? Find(List<(CatalogName Name, string Extension)> names, Func<CatalogName, bool> condition) => names.Where(known => condition(known.Name)).Select(known => known.Extension).FirstOrDefault();

    /// <summary>Written with its schema where that is not the extension's.</summary>
    private static CatalogName Member(string kind, string name, string home) => kind switch
    {
        ExtensionMembers.Schema or ExtensionMembers.Operator => new CatalogName(kind, null, name),
        _ when name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot => new CatalogName(kind, name[..dot], name[(dot + 1)..]),
        _ => new CatalogName(kind, home, name),
    };
}

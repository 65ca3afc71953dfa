namespace Eclusier.Catalog;

/// <summary>A renamed object has its new name in the definitions of others, too: that is no change of theirs.</summary>
public sealed class FormerNames
{
    private readonly IReadOnlyList<(string New, string Old)> _qualified;
    private readonly IReadOnlyList<CatalogChange> _parts;

    private FormerNames(IReadOnlyList<(string New, string Old)> qualified, IReadOnlyList<CatalogChange> parts)
    {
        _qualified = qualified;
        _parts = parts;
    }

    /// <param name="changes">Those among them that rename.</param>
    public static FormerNames Of(IReadOnlyCollection<CatalogChange> changes)
    {
        var renamed = changes.Where(change => change.Renamed && !change.Before!.IsTrait).ToList();
        // The longest first: a column's name begins with its table's.
        return new FormerNames(
            [.. renamed.Where(pair => pair.Before!.Name != pair.Before.Local || pair.Before.Kind == "schema")
                .Select(pair => pair.Before!.Kind == "schema" ? ($"{pair.After!.Name}.", $"{pair.Before.Name}.") : (pair.After!.Name, pair.Before.Name)).OrderByDescending(pair => pair.Item1.Length)],
            [.. renamed.Where(pair => pair.Before!.Local != pair.After!.Local)]);
    }

    /// <summary>What an object was, in the names of before, if nothing but names changed.</summary>
    public string Definition(CatalogObject now)
    {
        var text = Former(now.Definition);
        // Within its table and by what reads it, a column goes by its own name alone.
        foreach (var part in _parts.Where(part => IsNamedBy(now, part.After!)))
            text = Replace(text, part.After!.Local, part.Before!.Local);
        return text;
    }

    internal static (string Kind, string Name, string Definition) Identity(CatalogObject found) => (found.Kind, found.Name, found.Definition);

    internal (string Kind, string Name, string Definition) FormerIdentity(CatalogObject found) => (found.Kind, Former(found.Name), Definition(found));

    private string Former(string text) => _qualified.Aggregate(text, (known, name) => Replace(known, name.New, name.Old));

    private static bool IsNamedBy(CatalogObject found, CatalogObject part) =>
        found.Key == part.Key || found.Needs.Contains(part.ToString(), StringComparer.Ordinal)
        || (part.Parent is { } parent && (found.Parent == parent || found.Parent == part.Name || found.Name.StartsWith($"{parent}.", StringComparison.Ordinal)))
        || found.Parent == part.Name;

    /// <summary>Whole names only: <c>public.order</c> is not the beginning of <c>public.orders</c>.</summary>
    private static string Replace(string text, string name, string other)
    {
        if (name == other || name.Length == 0)
            return text;
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            var whole = (at == 0 || !IsOfName(text[at - 1])) && (name[^1] == '.' || end == text.Length || !IsOfName(text[end]));
            if (whole)
                text = $"{text[..at]}{other}{text[end..]}";
            at += whole ? other.Length : 1;
            if (at >= text.Length)
                break;
        }

        return text;
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '$' or '"';
}

using Eclusier.Catalog;

namespace Eclusier.Evidence;

/// <summary>
/// What a migration makes by its text, whether or not it is there already (IF NOT EXISTS, OR REPLACE, a block that looks first, an enum made again under
/// another name). Where a replay sees no change, it may have been this one alone elsewhere.
/// </summary>
/// <param name="Names">What it makes.</param>
/// <param name="Owners">The tables and types that these belong to.</param>
/// <param name="Traits">Tables, and columns as <c>table.column</c>, whose traits it sets (a default, row security).</param>
/// <param name="Texts">Statements that may make whatever they name.</param>
/// <param name="Removals">Statements that may remove whatever they name.</param>
public sealed record Makes(IReadOnlySet<string> Names, IReadOnlySet<string> Owners, IReadOnlySet<string> Traits, IReadOnlyList<string> Texts, IReadOnlyList<string> Removals)
{
    /// <summary>It may make this object, or one of the same name elsewhere.</summary>
    internal bool May(CatalogObject found)
    {
        var (own, owner) = NamesOf(found);
        return (Names.Contains(own) && (owner is null || Owners.Contains(owner)))
            || (found.IsTrait && Traits.Contains(owner is null ? own : $"{owner}.{own}"))
            || Texts.Any(text => Mentions(text, own) && Mentions(text, owner));
    }

    internal bool MayRemove(CatalogObject found)
    {
        var (own, owner) = NamesOf(found);
        return Removals.Any(text => Mentions(text, own) && Mentions(text, owner));
    }

    /// <summary>The last part of its name, and of that of the table or type that it belongs to; of a right, who has it.</summary>
    private static (string Own, string? Owner) NamesOf(CatalogObject found) => found switch
    {
        { Kind: "grant" or "default privilege" } => (Last(found.Name[(found.Name.LastIndexOf(" to ", StringComparison.Ordinal) + 4)..]), null),
        { Local: ['\'', ..] label, Parent: { } type } => (label[1..^1].Replace("''", "'", StringComparison.Ordinal), Last(type)),
        { IsTrait: true } when UnprovenObject.Plain(found.Name).Split('.') is [_, var table, var column] => (column, table),
        { Parent: { } parent, IsTrait: false } => (Last(Local(found)), Last(parent)),
        _ => (Last(Local(found)), null),
    };

    private static string Local(CatalogObject found) => found.Local.Length > 0 ? found.Local : found.Name;

    private static string Last(string name)
    {
        var plain = UnprovenObject.Plain(name);
        var parameters = plain.IndexOf('(', StringComparison.Ordinal);
        plain = parameters > 0 ? plain[..parameters] : plain;
        return plain[(plain.LastIndexOf('.') + 1)..];
    }

    /// <summary>As a whole word.</summary>
    private static bool Mentions(string text, string? name)
    {
        for (var at = 0; name is not null && at >= 0;)
        {
            at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return false;
            if (!IsWord(text, at - 1) && !IsWord(text, at + name.Length))
                return true;
            at++;
        }

        return true;
    }

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>The text of an ALTER TABLE, cut into its commands.</summary>
/// <param name="Head">All before the first command: <c>alter table if exists only shop.orders</c>.</param>
internal sealed record AlterTableText(string Head, IReadOnlyList<string> Commands)
{
    /// <returns>Null when it is none.</returns>
    public static AlterTableText? Of(StatementTokens tokens)
    {
        if (!tokens.IsWord(0, "alter") || !tokens.IsWord(1, "table"))
            return null;
        var name = 2;
        if (tokens.IsWord(name, "if"))
            name += 2;
        if (tokens.IsWord(name, "only"))
            name++;
        var first = tokens.BehindName(name);
        if (tokens.IsSymbol(first, '*'))
            first++;
        return first < tokens.Count ? new AlterTableText(tokens.Range(0, first), [.. tokens.Parts(first).Select(part => tokens.Range(part.From, part.To))]) : null;
    }
}

using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// A statement that the parser does not know, newer syntax mostly, hides nothing: the commands of an ALTER TABLE are read one by one, and where that does not help, the words
/// that destroy count as the hazards that they name. A policy that forbids these sees them.
/// </summary>
internal static class UnreadStatement
{
    /// <param name="check">All rules on a statement.</param>
    public static IEnumerable<Hazard> Scan(StatementNode node, Func<StatementNode, IEnumerable<Hazard>> check)
    {
        if (node.Tree is not null || node.Statement.Partition is not null)
            return [];
        var tokens = new StatementTokens(node.Statement.Sql);
        var commands = AlterTableText.Of(tokens) is { } alter ? alter.Commands.Select(command => Read(node, $"{alter.Head} {command}")).ToArray() : [];
        var read = commands.Where(command => command.Tree is not null).SelectMany(check);
        var unread = commands.Length > 0 ? commands.Where(command => command.Tree is null).SelectMany(command => Words(node, new StatementTokens(command.Statement.Sql))) : Words(node, tokens);
        return [.. read.Concat(unread)];
    }

    private static StatementNode Read(StatementNode node, string sql) =>
        StatementClassifier.Classify(
            new ScriptStatement(sql, node.Statement.Line, node.Statement.Column, 0, IncludedFrom: node.Statement.IncludedFrom), LibPgQuery.Parse(sql));

    private static IEnumerable<Hazard> Words(StatementNode node, StatementTokens tokens)
    {
        var alters = tokens.IsWord(0, "alter") && tokens.IsWord(1, "table");
        for (var index = 0; index < tokens.Count; index++)
        {
            if (tokens.IsWord(index, "delete") && !tokens.IsWord(index - 1, "on") && !tokens.IsWord(index - 1, "for") && !tokens.IsWord(index - 1, "grant"))
                yield return Told(Delete.Rule, node, "DELETE");
            else if (tokens.IsWord(index, "truncate") && index == 0)
                yield return Told(Truncate.Rule, node, "TRUNCATE");
            else if (tokens.IsWord(index, "drop") && Dropped(tokens, index, alters) is { } dropped)
                yield return Told(dropped.Rule, node, dropped.Words);
        }
    }

    private static (HazardRule Rule, string Words)? Dropped(StatementTokens tokens, int index, bool alters)
    {
        if (alters)
        {
            string[] harmless = ["constraint", "default", "not", "expression", "identity"];
            return harmless.Any(word => tokens.IsWord(index + 1, word)) ? null : (DropColumn.Rule, "DROP COLUMN");
        }

        if (index > 0)
            return null;
        return tokens.IsWord(1, "table") ? (DropTable.Rule, "DROP TABLE")
            : tokens.IsWord(1, "schema") ? (DropSchema.Rule, "DROP SCHEMA")
            : tokens.IsWord(1, "database") ? (DropDatabase.Rule, "DROP DATABASE")
            : tokens.IsWord(1, "owned") ? (DropOwned.Rule, "DROP OWNED")
            : null;
    }

    private static Hazard Told(HazardRule rule, StatementNode node, string words) => new(
        rule.Id,
        rule.Severity,
        new Text($"holds {words}, in a statement that the parser does not understand", $"contient {words}, dans une instruction que l'analyseur ne comprend pas"),
        node.Statement.Line,
        node.Statement.Column)
    {
        IncludedFrom = node.Statement.IncludedFrom,
        Remedy = "-- review the statement: nothing else of it was read",
    };
}

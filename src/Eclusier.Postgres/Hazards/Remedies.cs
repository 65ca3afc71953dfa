using System.Text.RegularExpressions;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>The user's own statement, rewritten so that it does the same without the hazard.</summary>
internal static partial class Remedies
{
    /// <summary>CONCURRENTLY after the word INDEX or TABLE.</summary>
    public static string Concurrently(StatementNode node) =>
        $"{Target().Replace(Body(node), "${word} concurrently", 1)};\n-- in a migration of its own: it cannot run in a transaction";

    /// <summary>NOT VALID, and the proof later. Null when the statement does other things as well.</summary>
    public static string? NotValid(StatementNode node, TableChange change)
    {
        if (node.Tree?.Items("cmds").Count() != 1 || change.Constraint is not { } constraint || constraint.Text("conname") is not { Length: > 0 } name)
            return null;
        return $"{Body(node)} not valid;\n-- in a later migration:\n-- alter table {change.Table} validate constraint {name};";
    }

    /// <summary>A CHECK that can be proved while others work, and makes SET NOT NULL a matter of a moment.</summary>
    public static string NotNull(TableName table, string column) =>
        $"""
        alter table {table} add constraint {table.Name}_{column}_not_null check ({column} is not null) not valid;
        -- in a later migration:
        -- alter table {table} validate constraint {table.Name}_{column}_not_null;
        -- alter table {table} alter column {column} set not null, drop constraint {table.Name}_{column}_not_null;
        """;

    /// <summary>The index first, then the constraint that takes it over. Null for what is not a plain list of columns.</summary>
    public static string? UsingIndex(TableChange change)
    {
        if (change.Constraint is not { } constraint || constraint.Text("contype") == "CONSTR_EXCLUSION")
            return null;
        var columns = constraint.Items("keys").Select(key => key.Text("sval")).ToArray();
        var primary = constraint.Text("contype") == "CONSTR_PRIMARY";
        var name = constraint.Text("conname") is { Length: > 0 } given ? given : primary ? $"{change.Table.Name}_pkey" : $"{change.Table.Name}_{string.Join('_', columns)}_key";
        return $"""
            create unique index concurrently {name} on {change.Table} ({string.Join(", ", columns)});
            -- in a later migration:
            -- alter table {change.Table} add constraint {name} {(primary ? "primary key" : "unique")} using index {name};
            """;
    }

    private static string Body(StatementNode node) => node.Statement.Sql.Trim().TrimEnd(';').TrimEnd();

    [GeneratedRegex(@"\b(?<word>index|table)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();
}

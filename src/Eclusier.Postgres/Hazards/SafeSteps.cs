using System.Security.Cryptography;
using System.Text;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What one command becomes.</summary>
/// <param name="AsItIs">The command, or what is left of it; null when nothing is.</param>
/// <param name="First">Statements of the same migration.</param>
/// <param name="Second">Statements of the next one.</param>
/// <param name="Third">Statements of the one after that.</param>
internal sealed record SafeSteps(string? AsItIs, IReadOnlyList<string> First, IReadOnlyList<string> Second, IReadOnlyList<string> Third)
{
    /// <returns>Null when there is no safe way.</returns>
    public static SafeSteps? Of(TableChange change, string command, AlteredTable table)
    {
        if (change.Is("AT_SetNotNull") && !table.Context.IsNeverNull(table.Name, change.Command.Text("name")))
            return NotNull(change.Command.Text("name"), table);
        if (change.Is("AT_AddColumn"))
            return Column(change, command, table);
        if (change.Constraint is not { } constraint || constraint.Flag("skip_validation"))
            return new SafeSteps(command, [], [], []);
        return constraint.Text("contype") switch
        {
            "CONSTR_CHECK" => Check(constraint, command, table),
            "CONSTR_FOREIGN" => table.Context.IsPartitioned(table.Name) && table.Context.Catalog.ServerVersion < 18
                ? PartitionRemedies.ForeignKey(constraint, command, table)
                : ForeignKey(constraint, command, table),
            "CONSTR_UNIQUE" or "CONSTR_PRIMARY" when constraint.Has("indexname") => new SafeSteps(command, [], [], []),
            "CONSTR_UNIQUE" or "CONSTR_PRIMARY" => table.Context.IsPartitioned(table.Name) ? PartitionRemedies.Key(constraint, command, table) : Key(constraint, table),
            _ => null,
        };
    }

    /// <summary>A CHECK that can be proved while others work, and makes SET NOT NULL a matter of a moment. It must be dropped by a statement of its own: in one with SET NOT NULL it would go first.</summary>
    private static SafeSteps? NotNull(string column, AlteredTable table)
    {
        if (table.IsOnly)
            return null;
        var name = Identifier.QuoteWhereNeeded(ProofName(table.Name.Name, column));
        var quoted = Identifier.QuoteWhereNeeded(column);
        return new SafeSteps(
            null,
            [$"{table.Head} add constraint {name} check ({quoted} is not null) not valid"],
            [$"{table.Head} validate constraint {name}", $"{table.Head} alter column {quoted} set not null", $"{table.Head} drop constraint {name}"],
            []);
    }

    /// <summary>Names that are cut to their length may become those of another column: then the column's hash tells them apart.</summary>
    private static string ProofName(string table, string column)
    {
        const string Label = "not_null_check";
        var name = ObjectNames.Make(table, column, Label);
        return name == $"{table}_{column}_{Label}" ? name
            : ObjectNames.Make(table, column, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(column)))[..6]}_{Label}");
    }

    private static SafeSteps? Check(TreeNode constraint, string command, AlteredTable table)
    {
        if (table.IsOnly && !constraint.Flag("is_no_inherit"))
            return null;
        var (name, named) = Named(constraint, command, table, () => CheckColumn(constraint.Child("raw_expr")), "check");
        return new SafeSteps(null, [$"{table.Head} {named} not valid"], [$"{table.Head} validate constraint {name}"], []);
    }

    private static SafeSteps ForeignKey(TreeNode constraint, string command, AlteredTable table)
    {
        var (name, named) = Named(constraint, command, table, () => ObjectNames.Join(constraint.Items("fk_attrs").Select(key => key.Text("sval"))), "fkey");
        return new SafeSteps(null, [$"{table.Head} {named} not valid"], [$"{table.Head} validate constraint {name}"], []);
    }

    /// <summary>The index first, then the constraint that takes it over with all its options. A primary key wants its columns to be NOT NULL, and would read them all.</summary>
    private static SafeSteps Key(TreeNode constraint, AlteredTable table)
    {
        var primary = constraint.Text("contype") == "CONSTR_PRIMARY";
        var name = KeyName(constraint, table.Name.Name);
        var take = $"{table.Head} add constraint {name} {(primary ? "primary key" : "unique")} using index {name}{ConstraintText.Deferral(constraint)}";
        var proofs = primary ? Columns(constraint).Where(column => !table.Context.IsNeverNull(table.Name, column)).Select(column => NotNull(column, table)).OfType<SafeSteps>().ToArray() : [];
        return new SafeSteps(
            null,
            [.. proofs.SelectMany(proof => proof.First), $"create unique index concurrently {name} on {table.Name.Sql} {ConstraintText.IndexDefinition(constraint)}"],
            proofs.Length > 0 ? [.. proofs.SelectMany(proof => proof.Second)] : [take],
            proofs.Length > 0 ? [take] : []);
    }

    internal static string KeyName(TreeNode constraint, string table) => Identifier.QuoteWhereNeeded(
        constraint.Text("conname") is { Length: > 0 } given ? given
        : constraint.Text("contype") == "CONSTR_PRIMARY" ? ObjectNames.Make(table, "", "pkey")
        : ObjectNames.Make(table, ObjectNames.Join(Columns(constraint).Concat(constraint.Items("including").Select(key => key.Text("sval")))), "key"));

    private static IEnumerable<string> Columns(TreeNode constraint) => constraint.Items("keys").Select(key => key.Text("sval"));

    /// <summary>A new column without its constraints, which follow as those of a table do.</summary>
    private static SafeSteps? Column(TableChange change, string command, AlteredTable table)
    {
        var column = change.Command.Child("def")!;
        var heavy = column.Items("constraints").Any(ConstraintText.IsHeavy);
        return !heavy ? new SafeSteps(command, [], [], []) : ConstraintText.TakeApart(change, command, table);
    }

    /// <summary>The constraint's name, and the command with it.</summary>
    internal static (string Name, string Command) Named(TreeNode constraint, string command, AlteredTable table, Func<string> columns, string label)
    {
        if (constraint.Text("conname") is { Length: > 0 } given)
            return (Identifier.QuoteWhereNeeded(given), command);
        var name = Identifier.QuoteWhereNeeded(Free(table, ObjectNames.Make(table.Name.Name, columns(), label), columns(), label));
        var tokens = new StatementTokens(command);
        return (name, tokens.InsertBehind(0, $"constraint {name}"));
    }

    /// <summary>The server counts on where the name is taken.</summary>
    private static string Free(AlteredTable table, string name, string columns, string label)
    {
        var taken = table.Context.Catalog.Constraints[table.Context.KeyOf(table.Name)].Select(constraint => constraint.Name).ToHashSet(StringComparer.Ordinal);
        for (var number = 1; taken.Contains(name); number++)
            name = ObjectNames.Make(table.Name.Name, columns, $"{label}{number}");
        return name;
    }

    /// <summary>The server puts the column into the name of a CHECK that is about one alone.</summary>
    private static string CheckColumn(TreeNode? expression)
    {
        var columns = (expression is null ? [] : expression.Type == "ColumnRef" ? [expression] : expression.Descendants("ColumnRef"))
            .Select(column => column.Items("fields").Last().Text("sval")).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        return columns is [var only] ? only : "";
    }
}

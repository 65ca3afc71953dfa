using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A new column without its default, which then holds for new rows alone; the old ones are filled while others work.</summary>
internal static class ColumnRemedy
{
    private const string Advice =
        "-- add the column without it, keep new rows right by a default or a trigger, fill the old ones in batches in a migration of its own, and add the rest (NOT NULL, keys) last";

    public static string DefaultLater(StatementNode node, TableChange change)
    {
        var column = change.Command.Child("def")!;
        var constraints = column.Items("constraints").ToArray();
        if (node.TableChanges.Count != 1 || constraints is not [{ } only] || only.Text("contype") != "CONSTR_DEFAULT" || column.Has("collClause"))
            return Advice;
        var tokens = new StatementTokens(node.Statement.Sql);
        var place = tokens.At(ConstraintText.Location(only));
        if (!tokens.IsWord(place, "default") || AlterTableText.Of(tokens) is not { } text)
            return Advice;
        var name = Identifier.QuoteWhereNeeded(column.Text("colname"));
        return $"{new Rollout(tokens.Range(0, place), $"{text.Head} alter column {name} set {tokens.Range(place, tokens.Count)}")}\n-- then fill the old rows in batches, in a migration of its own";
    }
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Constraints written out again from the parse tree, with all that was said of them.</summary>
internal static class ConstraintText
{
    /// <summary>Read or built under a strong lock when it comes with a column.</summary>
    public static bool IsHeavy(TreeNode constraint) => constraint.Text("contype") is "CONSTR_CHECK" or "CONSTR_UNIQUE" or "CONSTR_PRIMARY" or "CONSTR_FOREIGN";

    /// <summary>Columns and options of a unique or primary key, as CREATE INDEX has them.</summary>
    public static string IndexDefinition(TreeNode constraint)
    {
        var including = constraint.Items("including").ToArray();
        var options = constraint.Items("options").Select(Option).ToArray();
        return string.Concat(
            List(constraint.Items("keys")),
            including.Length > 0 ? $" include {List(including)}" : "",
            constraint.Flag("nulls_not_distinct") ? " nulls not distinct" : "",
            options.Length > 0 ? $" with ({string.Join(", ", options)})" : "",
            constraint.Text("indexspace") is { Length: > 0 } space ? $" tablespace {Identifier.QuoteWhereNeeded(space)}" : "");
    }

    public static string Deferral(TreeNode constraint) => $"{(constraint.Flag("deferrable") ? " deferrable" : "")}{(constraint.Flag("initdeferred") ? " initially deferred" : "")}";

    private static string List(IEnumerable<TreeNode> columns) => $"({string.Join(", ", columns.Select(column => Identifier.QuoteWhereNeeded(column.Text("sval"))))})";

    private static string Option(TreeNode option)
    {
        var name = Identifier.QuoteWhereNeeded(option.Text("defname"));
        return option.Child("arg") switch
        {
            null => name,
            { Type: "Integer" } number => $"{name} = {(number.Has("ival") ? number.Fields.GetProperty("ival").GetInt32() : 0)}",
            { Type: "Float" } number => $"{name} = {number.Text("fval")}",
            { Type: "TypeName" } word => $"{name} = {TableName.Of(word.Items("names")).Name}",
            { } text => $"{name} = {text.Text("sval")}",
        };
    }

    /// <summary>ADD COLUMN of a statement that does nothing else: its CHECKs, keys and foreign keys follow as commands of their own, in their own words.</summary>
    /// <returns>Null when they cannot be told apart in the text.</returns>
    public static SafeSteps? TakeApart(TableChange change, string command, AlteredTable table)
    {
        var sql = $"{table.Head} {command}";
        if (StatementClassifier.Tree(LibPgQuery.Parse(sql)) is not { } tree || TableChange.Of(tree) is not [var alone] || alone.Command.Child("def") is not { } column)
            return null;
        var tokens = new StatementTokens(sql);
        var constraints = column.Items("constraints").ToArray();
        var places = constraints.Select(constraint => tokens.At(Location(constraint))).ToArray();
        // COLLATE may stand among the constraints.
        if (column.Field("collClause") is { } collation && tokens.At(Location(collation)) > places[0])
            return null;
        var (kept, added) = (new List<string>(), new List<string>());
        foreach (var (number, constraint) in constraints.Index())
        {
            var text = tokens.Range(places[number], number + 1 < places.Length ? places[number + 1] : tokens.Count);
            if (IsHeavy(constraint))
                added.Add(AsTableConstraint(constraint, text, change.Command.Child("def")!.Text("colname")));
            else if (constraint.Text("contype").StartsWith("CONSTR_ATTR_", StringComparison.Ordinal) && added.Count > 0)
                added[^1] += $" {text}";
            else
                kept.Add(text);
        }

        var head = new StatementTokens(table.Head).Count;
        var steps = added.Select(text => Steps($"{table.Head} add {text}", table)).ToArray();
        return steps.Any(step => step is null) ? null : new SafeSteps(
            string.Join(' ', kept.Prepend(tokens.Range(head, places[0]))),
            [.. steps.SelectMany(step => step!.First)],
            [.. steps.SelectMany(step => step!.Second)],
            [.. steps.SelectMany(step => step!.Third)]);
    }

    private static SafeSteps? Steps(string sql, AlteredTable table) =>
        StatementClassifier.Tree(LibPgQuery.Parse(sql)) is { } tree && TableChange.Of(tree) is [var change] && AlterTableText.Of(new StatementTokens(sql)) is { Commands: [var command] }
            ? SafeSteps.Of(change, command, table)
            : null;

    /// <summary><c>constraint c unique</c> of a column is <c>constraint c unique (column)</c> of a table.</summary>
    private static string AsTableConstraint(TreeNode constraint, string text, string column)
    {
        var tokens = new StatementTokens(text);
        var quoted = Identifier.QuoteWhereNeeded(column);
        return constraint.Text("contype") switch
        {
            "CONSTR_FOREIGN" when tokens.Find(0, "references") is >= 0 and var place =>
                $"{tokens.Range(0, place)}{(place > 0 ? " " : "")}foreign key ({quoted}) {tokens.Range(place, tokens.Count)}",
            "CONSTR_UNIQUE" when tokens.Find(0, "unique") is >= 0 and var place => tokens.InsertBehind(tokens.Find(place, "distinct") is >= 0 and var last ? last : place, $"({quoted})"),
            "CONSTR_PRIMARY" when tokens.Find(0, "key") is >= 0 and var place => tokens.InsertBehind(place, $"({quoted})"),
            _ => text,
        };
    }

    public static int Location(TreeNode node) => node.Has("location") ? node.Fields.GetProperty("location").GetInt32() : 0;
}

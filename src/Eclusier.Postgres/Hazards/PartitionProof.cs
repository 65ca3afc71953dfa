using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// Whether valid CHECK constraints prove the bounds of a partition that is to be attached, so that the server reads no row
/// (see the notes on ATTACH PARTITION in https://www.postgresql.org/docs/current/sql-altertable.html). Recognises ranges of one
/// column whose bounds are written in the constraint as in the statement; for anything else the answer is no.
/// </summary>
internal static class PartitionProof
{
    /// <param name="context">What is known of the target.</param>
    /// <param name="attach">The AT_AttachPartition.</param>
    /// <param name="partition">The table to attach.</param>
    public static bool Proves(HazardContext context, TableChange attach, TableName partition)
    {
        if (!context.Catalog.RangeKeys.TryGetValue(context.KeyOf(attach.Table), out var column) || context.DefaultPartition(attach.Table) is not null || !context.IsNeverNull(partition, column))
            return false;
        if (attach.Command.Child("def")?.Field("bound") is not { } bound
            || bound.Items("lowerdatums").Select(Constant).ToArray() is not [{ } lower]
            || bound.Items("upperdatums").Select(Constant).ToArray() is not [{ } upper])
        {
            return false;
        }
        var known = context.Catalog.Constraints[context.KeyOf(partition)].Where(constraint => constraint is { Valid: true, Expression: not null }).SelectMany(check => Comparisons(check.Expression!)).Where(comparison => comparison.Column == column).ToArray();
        return known.Contains(new Comparison(column, ">=", lower)) && known.Contains(new Comparison(column, "<", upper));
    }

    /// <returns>A CHECK of the bounds that is proved while others work, and dropped once it has served; null where the bounds are not such as this can write.</returns>
    public static string? Remedy(HazardContext context, TableChange attach, TableName partition)
    {
        if (!context.Catalog.RangeKeys.TryGetValue(context.KeyOf(attach.Table), out var column)
            || attach.Command.Child("def")?.Field("bound") is not { } bound
            || bound.Items("lowerdatums").Select(Constant).ToArray() is not [{ } lower]
            || bound.Items("upperdatums").Select(Constant).ToArray() is not [{ } upper])
        {
            return null;
        }

        var (quoted, name) = (Identifier.QuoteWhereNeeded(column), Identifier.QuoteWhereNeeded(ObjectNames.Make(partition.Name, column, "bounds_check")));
        var check = $"{quoted} is not null and {quoted} >= {Literal.Quote(lower)} and {quoted} < {Literal.Quote(upper)}";
        return new Rollout($"alter table {partition.Sql} add constraint {name} check ({check}) not valid")
            .Then(
                $"alter table {partition.Sql} validate constraint {name}",
                $"alter table {attach.Table.Sql} attach partition {partition.Sql} for values from ({Literal.Quote(lower)}) to ({Literal.Quote(upper)})",
                $"alter table {partition.Sql} drop constraint {name}")
            .ToString();
    }

    /// <summary>What holds of every row: the parts of a conjunction. Of a disjunction, nothing.</summary>
    private static IEnumerable<Comparison> Comparisons(string expression)
    {
        if (StatementClassifier.Tree(LibPgQuery.Parse($"select {expression}")) is not { } tree)
            return [];
        return tree.Items("targetList").Select(target => target.Child("val")).OfType<TreeNode>().SelectMany(Parts).Select(AsComparison).OfType<Comparison>();
    }

    private static IEnumerable<TreeNode> Parts(TreeNode node) =>
        node.Type == "BoolExpr" && node.Text("boolop") == "AND_EXPR" ? node.Items("args").SelectMany(Parts) : [node];

    private static Comparison? AsComparison(TreeNode node) =>
        node is { Type: "A_Expr" } && node.Child("lexpr") is { Type: "ColumnRef" } column && node.Child("rexpr") is { } value && Constant(value) is { } constant
            ? new Comparison(column.Items("fields").Last().Text("sval"), node.Items("name").Last().Text("sval"), constant)
            : null;

    /// <summary>A literal as written, its cast left out; null for anything that is computed, MINVALUE and MAXVALUE among it.</summary>
    private static string? Constant(TreeNode node) => node switch
    {
        { Type: "TypeCast" } cast => cast.Child("arg") is { } inner ? Constant(inner) : null,
        { Type: "A_Const" } constant when constant.Field("sval") is { } text => text.Text("sval"),
        { Type: "A_Const" } constant when constant.Field("ival") is { } number => number.Has("ival") ? number.Fields.GetProperty("ival").GetInt32().ToString() : "0",
        _ => null,
    };

    private sealed record Comparison(string Column, string Operator, string Value);
}

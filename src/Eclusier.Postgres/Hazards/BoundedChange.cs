using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>An UPDATE or DELETE of a bounded number of rows, one of many short ones: by keys that a subquery with LIMIT gives, or by a range of an integer key.</summary>
internal static class BoundedChange
{
    /// <summary>What is changed at once without anyone waiting for long.</summary>
    private const int Most = 100_000;

    public static bool Is(TreeNode change) => change.Child("whereClause") is { } condition
        && (Parts(condition).Any(IsLimited) || IsKeyRange([.. Parts(condition)]) || Sources(change).Any(source => IsLimitedSource(source, change)));

    /// <summary>All must hold. Of what OR joins, nothing bounds the rest.</summary>
    private static IEnumerable<TreeNode> Parts(TreeNode condition) =>
        condition.Type == "BoolExpr" && condition.Text("boolop") == "AND_EXPR" ? condition.Items("args").SelectMany(Parts) : [condition];

    /// <summary><c>id in (select … limit n)</c>, <c>ctid = any (array(select … limit n))</c>.</summary>
    private static bool IsLimited(TreeNode condition) => condition switch
    {
        { Type: "SubLink" } link => link.Text("subLinkType") == "ANY_SUBLINK" && link.Child("testexpr") is not null && HasLimit(link.Child("subselect")),
        { Type: "A_Expr" } any when any.Text("kind") == "AEXPR_OP_ANY" => any.Child("rexpr") is { Type: "SubLink" } array && HasLimit(array.Child("subselect")),
        _ => false,
    };

    private static bool HasLimit(TreeNode? query) => query?.Child("limitCount") is { } limit && (limit.Type == "ParamRef" || Number(limit) is > 0 and <= Most);

    /// <summary><c>id between 1 and 5000</c>, <c>id &gt;= 1 and id &lt; 5001</c>.</summary>
    private static bool IsKeyRange(TreeNode[] conditions)
    {
        foreach (var between in conditions.Where(condition => condition.Type == "A_Expr" && condition.Text("kind") == "AEXPR_BETWEEN" && condition.Child("lexpr") is { Type: "ColumnRef" }))
        {
            if (between.Child("rexpr") is { Type: "List" } bounds && bounds.Items("items").Select(Number).ToArray() is [{ } low, { } high] && high - low <= Most)
                return true;
        }

        var comparisons = conditions.Where(condition => condition.Type == "A_Expr" && condition.Text("kind") == "AEXPR_OP" && condition.Child("lexpr") is { Type: "ColumnRef" })
            .Select(condition => (Column: string.Join('.', condition.Child("lexpr")!.Items("fields").Select(part => part.Text("sval"))), Sign: condition.Items("name").Last().Text("sval"), Value: Number(condition.Child("rexpr"))))
            .Where(comparison => comparison.Value is not null)
            .ToLookup(comparison => comparison.Column, StringComparer.Ordinal);
        return comparisons.Any(column =>
            column.Where(bound => bound.Sign is ">" or ">=").Select(bound => bound.Value).Max() is { } low && column.Where(bound => bound.Sign is "<" or "<=").Select(bound => bound.Value).Min() is { } high && high - low <= Most);
    }

    private static IEnumerable<TreeNode> Sources(TreeNode change) => change.Items("fromClause").Concat(change.Items("usingClause"));

    /// <summary>A join with a limited subquery, or with one of WITH.</summary>
    private static bool IsLimitedSource(TreeNode source, TreeNode change) => source switch
    {
        { Type: "RangeSubselect" } query => HasLimit(query.Child("subquery")),
        { Type: "RangeVar" } name => change.Field("withClause")?.Items("ctes").Any(with => with.Text("ctename") == name.Text("relname") && HasLimit(with.Child("ctequery"))) == true,
        _ => false,
    };

    private static int? Number(TreeNode? node) => node is { Type: "A_Const" } && node.Field("ival") is { } number ? number.Has("ival") ? number.Fields.GetProperty("ival").GetInt32() : 0 : null;
}

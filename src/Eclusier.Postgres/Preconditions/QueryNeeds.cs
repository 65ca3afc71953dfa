using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>The rights that reading and writing rows asks for, as the executor does before the first row (<c>ExecCheckRTPerms</c>): also within WITH, and of what is called.</summary>
internal static class QueryNeeds
{
    private static readonly string[] Writing = ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];

    public static IEnumerable<Need> Of(TreeNode query, int major) =>
    [
        .. Written(query),
        .. Writing.SelectMany(query.Descendants).SelectMany(Written),
        .. query.Type == "SelectStmt" && query.Field("intoClause")?.Field("rel") is { } into ? StatementNeeds.In(into) : [],
        .. Locked(query),
        .. Read(query),
        .. Called(query),
        .. query.Descendants("FuncCall").SelectMany(call => WithRightsOfTheirOwn(call, major)),
    ];

    /// <summary>What stands in FROM, but for what WITH calls so.</summary>
    private static IEnumerable<Need> Read(TreeNode tree) => Tables(tree).Select(table => Need.Privilege("SELECT", table));

    private static IEnumerable<TableName> Tables(TreeNode tree)
    {
        var named = tree.Descendants("CommonTableExpr").Select(expression => expression.Text("ctename")).ToHashSet(StringComparer.Ordinal);
        return tree.Descendants("RangeVar").Select(TableName.Of).Where(table => table.Schema is not null || !named.Contains(table.Name)).Distinct();
    }

    private static IEnumerable<Need> Locked(TreeNode query) => query.Items("lockingClause").Any()
        ? query.Items("fromClause").Where(item => item.Type == "RangeVar").Select(range => Need.Privilege("UPDATE", TableName.Of(range)))
        : [];

    private static IEnumerable<Need> Written(TreeNode tree)
    {
        if (tree.Table() is not { } table)
            return [];
        var reads = tree.Items("returningList").Any(Names) || (tree.Has("whereClause") && Names(tree));
        var reading = reads ? new[] { Need.Privilege("SELECT", table) } : [];
        return tree.Type switch
        {
            "InsertStmt" => [Need.Privilege("INSERT", table), .. tree.Field("onConflictClause")?.Text("action") == "ONCONFLICT_UPDATE" ? [Need.Privilege("UPDATE", table), Need.Privilege("SELECT", table)] : Array.Empty<Need>(), .. tree.Items("returningList").Any(Names) ? [Need.Privilege("SELECT", table)] : Array.Empty<Need>()],
            "UpdateStmt" => [Need.Privilege("UPDATE", table), .. reading],
            "DeleteStmt" => [Need.Privilege("DELETE", table), .. reading],
            "MergeStmt" => [.. tree.Items("mergeWhenClauses").Select(clause => clause.Text("commandType")).Where(kind => kind is "CMD_INSERT" or "CMD_UPDATE" or "CMD_DELETE").Distinct().Select(kind => Need.Privilege(kind["CMD_".Length..], table))],
            _ => [],
        };
    }

    /// <summary>A condition or a result that names a column, of whichever table: with others in FROM, it may be theirs alone.</summary>
    private static bool Names(TreeNode tree)
    {
        var part = tree.Child("whereClause") ?? tree;
        return !tree.Items("usingClause").Any() && !tree.Items("fromClause").Any() && (part.Type is "ColumnRef" || part.Descendants("ColumnRef").Any()) && !part.Descendants("SubLink").Any();
    }

    /// <summary>EXECUTE is asked before the first row. Of several functions of a name it is not known which one is called: any will do.</summary>
    public static IEnumerable<Need> Called(TreeNode tree) =>
        tree.Descendants("FuncCall").Concat(tree.Descendants("funccall")).Select(call => TableName.Of(call.Items("funcname"))).Distinct().Select(Need.Execute);

    /// <summary>What a function asks beyond being called, of what is named and not worked out: a sequence, a setting, a large object.</summary>
    private static IEnumerable<Need> WithRightsOfTheirOwn(TreeNode call, int major)
    {
        var argument = call.Items("args").FirstOrDefault() is { Type: "TypeCast" } cast ? cast.Child("arg") : call.Items("args").FirstOrDefault();
        var name = argument?.Field("sval")?.Text("sval") is { Length: > 0 } text ? text : null;
        return (TableName.Of(call.Items("funcname")).Name, name) switch
        {
            ("nextval", { } sequence) when TableName.Read(sequence) is { } named => [Need.OnSequence("USAGE, UPDATE", named)],
            ("setval", { } sequence) when TableName.Read(sequence) is { } named => [Need.OnSequence("UPDATE", named)],
            ("set_config", { } setting) => [AdministrativeNeeds.Setting(setting, major)],
            ("lo_unlink", null) when argument?.Field("ival") is { } number => [ObjectNeeds.OwnerOfLargeObject(number)],
            _ => [],
        };
    }
}

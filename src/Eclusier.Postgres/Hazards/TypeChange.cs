using System.Text.RegularExpressions;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// Which changes of a column's type leave its rows as they are: those that only widen. See the notes on ALTER COLUMN TYPE in
/// https://www.postgresql.org/docs/current/sql-altertable.html.
/// </summary>
internal static partial class TypeChange
{
    /// <param name="current">As <c>format_type</c> writes it.</param>
    /// <param name="command">The AT_AlterColumnType.</param>
    public static bool OnlyWidens(string current, TreeNode command)
    {
        if (command.Child("def") is not { } definition || !IsPlainCast(command, definition) || definition.Has("collClause") || definition.Field("typeName") is not { } type || type.Has("arrayBounds"))
            return false;
        var name = TableName.Of(type.Items("names")).Name;
        var limits = type.Items("typmods").Select(Number).ToArray();
        var was = Form().Match(current);
        if (!was.Success)
            return false;
        var (from, fromLimits) = (was.Groups["name"].Value, Limits(was));
        return (from, name) switch
        {
            ("character varying" or "text", "text") => true,
            ("character varying", "varchar") => IsWider(fromLimits, limits),
            ("text", "varchar") => limits.Length == 0,
            ("bit varying", "varbit") => IsWider(fromLimits, limits),
            ("numeric", "numeric") => limits.Length == 0 || (fromLimits is [var precision, var scale] && limits is [var newPrecision, var newScale] && newScale == scale && newPrecision >= precision),
            ("cidr", "inet") => true,
            _ => false,
        };
    }

    /// <summary>The change goes through and values are less than they were. (Others, such as text to varchar(5), fail instead.)</summary>
    /// <param name="current">As <c>format_type</c> writes it; null when it is not known.</param>
    /// <param name="command">The AT_AlterColumnType.</param>
    public static bool Loses(string? current, TreeNode command)
    {
        if (command.Child("def") is not { } definition || definition.Field("typeName") is not { } type)
            return false;
        var name = TableName.Of(type.Items("names")).Name;
        var limits = type.Items("typmods").Select(Number).ToArray();
        var was = current is null ? Match.Empty : Form().Match(current);
        // A cast that is written out cuts what the assignment would refuse.
        if (name is "varchar" or "bpchar" && limits.Length > 0 && definition.Child("raw_default") is { Type: "TypeCast" })
            return !(was.Success && was.Groups["name"].Value is "character varying" or "character" && IsWider(Limits(was), limits));
        if (definition.Child("raw_default") is { Type: "FuncCall" } call && Cutting.Contains(TableName.Of(call.Items("funcname")).Name))
            return true;
        if (current is not null && limits is [var digits] && SecondsDigits(current, name) is { } old)
            return digits < old;
        if (!was.Success || !IsPlainCast(command, definition))
            return false;
        int? fromScale = was.Groups["limit"].Captures is [_, var scale] ? int.Parse(scale.Value) : null;
        return (was.Groups["name"].Value, name) switch
        {
            ("numeric", "numeric") => limits.Length > 0 && (fromScale is null || limits.ElementAtOrDefault(1) < fromScale),
            ("numeric", "int2" or "int4" or "int8") => fromScale is null or > 0,
            ("numeric", "float4" or "float8") => true,
            ("real" or "double precision", "int2" or "int4" or "int8") => true,
            ("real" or "double precision", "numeric") => limits.Length > 0,
            ("double precision", "float4") => true,
            ("timestamp without time zone" or "timestamp with time zone", "date" or "time") => true,
            _ => false,
        };
    }

    /// <summary>Functions that give back a part of what they take.</summary>
    private static readonly HashSet<string> Cutting = new(StringComparer.Ordinal) { "left", "right", "substr", "substring", "split_part", "trunc", "round", "floor", "ceil", "ceiling", "date_trunc" };

    /// <summary>How many digits of a second the old type of a time keeps; null when either is none.</summary>
    private static int? SecondsDigits(string current, string name) =>
        name is "timestamp" or "timestamptz" or "time" or "timetz" && current.StartsWith("time", StringComparison.Ordinal)
            ? Digits().Match(current) is { Success: true } digits ? int.Parse(digits.Groups["digits"].Value) : 6
            : null;

    [GeneratedRegex(@"\((?<digits>\d)\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digits();

    /// <summary>No USING, or one that says what would happen anyway: the column itself, or its cast to the new type.</summary>
    private static bool IsPlainCast(TreeNode command, TreeNode definition)
    {
        if (definition.Child("raw_default") is not { } expression)
            return true;
        if (expression.Type == "TypeCast")
        {
            if (expression.Field("typeName") is not { } cast || definition.Field("typeName") is not { } type || !SameType(cast, type))
                return false;
            expression = expression.Child("arg") ?? expression;
        }

        return expression.Type == "ColumnRef" && expression.Items("fields").Last().Text("sval") == command.Text("name");
    }

    private static bool SameType(TreeNode cast, TreeNode type) =>
        TableName.Of(cast.Items("names")).Name == TableName.Of(type.Items("names")).Name
        && cast.Has("arrayBounds") == type.Has("arrayBounds")
        && cast.Items("typmods").Select(Number).SequenceEqual(type.Items("typmods").Select(Number));

    private static int[] Limits(Match type) => [.. type.Groups["limit"].Captures.Select(limit => int.Parse(limit.Value))];

    /// <summary>No limit is the widest.</summary>
    private static bool IsWider(int[] from, int[] to) => to.Length == 0 || (from is [var old] && to is [var wanted] && wanted >= old);

    private static int Number(TreeNode constant) => constant.Field("ival") is { } number && number.Has("ival") ? number.Fields.GetProperty("ival").GetInt32() : 0;

    [GeneratedRegex(@"^(?<name>[a-z ]+?)(\((?<limit>\d+)(,(?<limit>\d+))?\))?$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Form();
}

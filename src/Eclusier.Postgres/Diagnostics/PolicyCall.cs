using System.Text;
using System.Text.Json;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A function called in an expression, outside any sub-select.</summary>
/// <param name="Name"><c>schema.name</c>; without a schema where it is one of PostgreSQL's own.</param>
/// <param name="TakesColumns">It cannot be called before there is a row.</param>
internal sealed record PolicyCall(string Name, int Arguments, bool TakesColumns)
{
    private const string Select = "select ";

    public string Shown => Arguments == 0 ? $"{Name}()" : $"{Name}(…)";

    /// <returns>Nothing where the parser does not know the expression.</returns>
    public static IEnumerable<PolicyCall> In(string expression) => Nodes(expression).Select(found => Of(found.Call));

    /// <summary>The expression with each call that no column stands in the way of as a sub-select of its own.</summary>
    public static string Wrapped(string expression, IReadOnlyCollection<PolicyCall> calls)
    {
        // The parser counts bytes, and what is changed first must not move what is changed next.
        var text = Encoding.UTF8.GetBytes(Select + expression).ToList();
        foreach (var (call, at) in Nodes(expression).OrderByDescending(found => found.At))
        {
            if (!calls.Contains(Of(call)) || End(text, at) is not { } end)
                continue;
            text.Insert(end, (byte)')');
            text.InsertRange(at, "(select "u8.ToArray());
        }

        return Encoding.UTF8.GetString([.. text])[Select.Length..];
    }

    private static PolicyCall Of(TreeNode call)
    {
        var names = call.Items("funcname").Select(part => part.Text("sval")).ToList();
        if (names is ["pg_catalog", _])
            names.RemoveAt(0);
        return new PolicyCall(string.Join('.', names), call.Items("args").Count(), call.Descendants("ColumnRef").Any());
    }

    /// <summary>Calls in their order; those within another call belong to that one.</summary>
    private static List<(TreeNode Call, int At)> Nodes(string expression)
    {
        var found = new List<(TreeNode, int)>();
        if (StatementClassifier.Tree(LibPgQuery.Parse(Select + expression)) is not { } tree)
            return found;
        var open = new Stack<JsonElement>([tree.Fields]);
        while (open.TryPop(out var element))
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray().Reverse())
                    open.Push(item);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject().Where(property => !property.NameEquals("SubLink")))
                {
                    if (property.NameEquals("FuncCall") && property.Value.TryGetProperty("location", out var at))
                        found.Add((new TreeNode("FuncCall", property.Value), at.GetInt32()));
                    open.Push(property.Value);
                }
            }
        }

        return found;
    }

    /// <summary>Behind the parenthesis that closes the call; null where the text is not a name and parentheses (SQL's own syntax, quoted text that confuses).</summary>
    private static int? End(List<byte> text, int start)
    {
        var (depth, quoted) = (0, false);
        for (var at = start; at < text.Count; at++)
        {
            if (text[at] == '\'')
                quoted = !quoted;
            else if (!quoted && text[at] == '(')
                depth++;
            else if (!quoted && text[at] == ')' && --depth <= 0)
                return depth == 0 ? at + 1 : null;
        }

        return null;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Sql;

/// <summary><c>-- eclusier: batch table=orders key=id size=5000</c>: the statements below it run in ranges of a key.</summary>
/// <param name="Line">Where it stands; 1-based.</param>
/// <param name="Where"><c>file:line:column</c></param>
public sealed partial record BatchDirective(TableName Table, string Key, int Size, int Line, string Where)
{
    private const int LargestSize = 1_000_000;

    /// <param name="text">What follows <c>eclusier:</c>.</param>
    /// <returns>Null when it is another directive.</returns>
    /// <exception cref="InvalidInputException">It is one, but not a complete one.</exception>
    internal static BatchDirective? Read(string text, int line, string where)
    {
        if (text.Split(' ', 2)[0] != "batch")
            return null;
        var match = Form().Match(text);
        var settings = match.Groups["name"].Captures.Zip(match.Groups["value"].Captures).Select(pair => (Name: pair.First.Value, pair.Second.Value)).ToList();
        string? Value(string name) => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).SingleOrDefault();
        if (!match.Success || settings.Count != 3 || settings.DistinctBy(setting => setting.Name).Count() != 3
            || TableName.Read(Value("table")!) is not { } table || !int.TryParse(Value("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > LargestSize)
        {
            throw new InvalidInputException(
                new Text($"A batch directive is not complete: \"{text}\".", $"Une directive batch n'est pas complète : « {text} »."),
                where,
                new Text(
                    $"Write: -- eclusier: batch table=orders key=id size=5000 (rows of the first batch, up to {LargestSize}).",
                    $"Écrivez : -- eclusier: batch table=orders key=id size=5000 (lignes du premier lot, {LargestSize} au plus)."));
        }

        return new BatchDirective(table, Identifier.NameOf(Value("key")!), size, line, where);
    }

    [GeneratedRegex("""^batch(\s+(?<name>table|key|size)=(?<value>(("([^"]|"")*")|[^\s"])+))+$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Form();
}

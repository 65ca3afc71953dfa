using System.Text.RegularExpressions;

namespace Eclusier.Postgres.Sql;

/// <summary>
/// <c>-- eclusier: partition orders</c> … <c>-- eclusier: end partition</c>: what stands between is for other tools, and Eclusier partitions the
/// table while it is in use. <c>unpartition</c> puts the former one back.
/// </summary>
/// <param name="Undo">It is <c>unpartition</c>.</param>
/// <param name="From">The line of its beginning; 1-based.</param>
/// <param name="Until">The line of its end.</param>
/// <param name="Where"><c>file:line:column</c></param>
public sealed partial record PartitionDirective(TableName Table, bool Undo, int From, int Until, string Where)
{
    /// <param name="text">What follows <c>eclusier:</c>.</param>
    /// <returns>Null when it is another directive, or the end of this one.</returns>
    /// <exception cref="InvalidInputException">It is one, but names no table.</exception>
    internal static PartitionDirective? Begin(string text, int line, string where)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        var table = TableName.Read(match.Groups["table"].Value) ?? throw Wrong(
            where, new Text($"A partition directive names no table: \"{text}\".", $"Une directive partition ne nomme pas de table : « {text} »."));
        return new PartitionDirective(table, match.Groups["word"].Value == "unpartition", line, int.MaxValue, where);
    }

    internal static bool IsEnd(string text) => text is "end partition" or "end unpartition";

    /// <exception cref="InvalidInputException">It never ends, or another one ends here.</exception>
    internal static EclusierException NotClosed(string where) =>
        Wrong(where, new Text("A partition directive has no beginning or no end.", "Une directive partition n'a pas de début ou pas de fin."));

    private static EclusierException Wrong(string where, Text problem) => new InvalidInputException(
        problem,
        where,
        new Text(
            "Write -- eclusier: partition TABLE, below it the statements that other tools run, and then -- eclusier: end partition.",
            "Écrivez -- eclusier: partition TABLE, dessous les instructions que les autres outils exécutent, puis -- eclusier: end partition."));

    [GeneratedRegex(@"^(?<word>(un)?partition)(\s+(?<table>.*))?$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Form();
}

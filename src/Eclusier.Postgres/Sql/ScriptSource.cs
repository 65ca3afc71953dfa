namespace Eclusier.Postgres.Sql;

/// <summary>A script's text, and the files that <c>\i</c> and <c>\ir</c> put into it.</summary>
/// <param name="Text">Without byte order mark; line ends as they are.</param>
/// <param name="File">Its name in errors; null when it has none.</param>
public sealed record ScriptSource(string Text, string? File)
{
    /// <summary>Offset of the command in <see cref="Text"/> (in characters) -> what it includes.</summary>
    public IReadOnlyDictionary<int, ScriptSource> Included { get; init; } = new Dictionary<int, ScriptSource>();

    /// <summary>What ends a statement besides the semicolon; null: nothing.</summary>
    public string? Breakpoint { get; init; }

    /// <summary>With semicolons in the place of breakpoints; every statement keeps its offset.</summary>
    internal string ForSplitting => Breakpoint is null ? Text : Text.Replace(Breakpoint, ";".PadRight(Breakpoint.Length), StringComparison.Ordinal);

    /// <summary>This file and every included one, in the order in which they are read.</summary>
    public IEnumerable<ScriptSource> All() =>
        Included.Count == 0 ? [this] : [this, .. Included.OrderBy(entry => entry.Key).SelectMany(entry => entry.Value.All())];

    /// <summary><c>file:line:column</c></summary>
    internal string Where(SourcePosition position) => File is null ? $"{position.Line}:{position.Column}" : $"{File}:{position.Line}:{position.Column}";
}

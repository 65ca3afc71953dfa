using System.Text.RegularExpressions;
using Npgsql;

namespace Eclusier.Postgres.Extensions;

/// <summary>Kinds of names, as far as the server's refusals tell them apart.</summary>
internal enum NameKind
{
    /// <summary>Tables, views, sequences, indexes.</summary>
    Relation,

    /// <summary>Functions, procedures, aggregates.</summary>
    Routine,

    /// <summary>An operator with the types around it: <c>text % text</c>.</summary>
    Operator,

    Schema,

    Column,

    /// <summary>Types, operator classes, access methods, languages, constraints, triggers, policies, …</summary>
    Object,

    /// <summary>An extension that CREATE EXTENSION did not find, perhaps: the server's list of those that it has must tell.</summary>
    Extension,
}

/// <summary>The name that the server did not know, out of its refusal.</summary>
/// <param name="Name">Without quotes; with its schema where the server says one.</param>
/// <param name="Table">The table of a column, a constraint, a trigger, …, where the server says it.</param>
internal sealed partial record RefusedName(NameKind Kind, string Name, string? Table = null)
{
    /// <summary>Without its schema.</summary>
    public string Local => Name[(Name.LastIndexOf('.') + 1)..];

    /// <param name="sqlState">Null where only the message is known (<c>pg_restore</c>), which then must be English.</param>
    /// <returns>Null when the refusal has another reason.</returns>
    public static RefusedName? Of(string message, string? sqlState)
    {
        if ((sqlState is null ? KindOf(message) : KindOf(sqlState, message)) is not { } kind)
            return null;
        // The subject comes first in every language; the marks around it differ.
        var quoted = Quoted().Matches(message).Select(match => Element(match.Groups["name"].Value.Trim())).ToList();
        if (DefaultOperatorClass().Match(message) is { Success: true } type)
            return new RefusedName(kind, $"{type.Groups["type"].Value} {type.Groups["method"].Value}");
        if (kind == NameKind.Extension && ControlFile().Match(message) is { Success: true } file)
            return new RefusedName(kind, file.Groups["name"].Value);
        if (kind == NameKind.Routine && Routine(message) is { } routine)
            return routine;
        if (quoted.Count > 0)
            return new RefusedName(kind, quoted[0], quoted.ElementAtOrDefault(1));
        var bare = First(kind, Unquoted().Match(message));
        return kind == NameKind.Column && bare is not null ? bare with { Name = bare.Local } : bare;
    }

    /// <summary>An array's type is known when its element's is.</summary>
    private static string Element(string name) => name.EndsWith("[]", StringComparison.Ordinal) ? Element(name[..^2]) : name;

    /// <summary>An operator's parts; a literal's type is unknown as long as no operator takes it.</summary>
    public static (string Left, string Name, string Right) Parts(string signature)
    {
        var match = OperatorParts().Match(signature);
        return (match.Groups["left"].Value, match.Groups["name"].Value, match.Groups["right"].Value);
    }

    /// <summary>An operator stands between types, behind a colon; a function before them, and they may be quoted.</summary>
    private static RefusedName? Routine(string message) => First(NameKind.Operator, Signature().Match(message)) ?? First(NameKind.Routine, Call().Match(message));

    private static RefusedName? First(NameKind kind, Match match) => match.Success ? new RefusedName(kind, match.Groups["name"].Value) : null;

    private static NameKind? KindOf(string sqlState, string message) => sqlState switch
    {
        PostgresErrorCodes.UndefinedTable => NameKind.Relation,
        PostgresErrorCodes.UndefinedFunction => NameKind.Routine,
        PostgresErrorCodes.InvalidSchemaName when Quoted().IsMatch(message) => NameKind.Schema,
        PostgresErrorCodes.UndefinedColumn => NameKind.Column,
        PostgresErrorCodes.UndefinedObject when message.StartsWith("required extension", StringComparison.Ordinal) => NameKind.Extension,
        PostgresErrorCodes.UndefinedObject => NameKind.Object,
        // `extension "vector" is not available`; up to version 14 it is the control file that is not there.
        PostgresErrorCodes.FeatureNotSupported when message.StartsWith("extension", StringComparison.Ordinal) => NameKind.Extension,
        PostgresErrorCodes.UndefinedFile when ControlFile().IsMatch(message) => NameKind.Extension,
        _ => null,
    };

    private static NameKind? KindOf(string message) =>
        DefaultOperatorClass().IsMatch(message) ? NameKind.Object
        : !message.Contains("does not exist", StringComparison.Ordinal) ? null
        : message.Split(' ')[0] switch
        {
            "relation" or "table" or "view" or "sequence" or "index" => NameKind.Relation,
            "function" or "procedure" or "aggregate" => NameKind.Routine,
            "operator" when !message.StartsWith("operator class", StringComparison.Ordinal) && !message.StartsWith("operator family", StringComparison.Ordinal) => NameKind.Routine,
            "schema" => NameKind.Schema,
            "column" => NameKind.Column,
            _ => NameKind.Object,
        };

    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    [GeneratedRegex("""
        "(?<name>[^"]+)"|«(?<name>[^»]+)»|„(?<name>[^“]+)“|“(?<name>[^”]+)”|»(?<name>[^«]+)«
        """, Options | RegexOptions.IgnorePatternWhitespace, 60_000)]
    private static partial Regex Quoted();

    [GeneratedRegex("""[/"](?<name>[^/"]+)\.control\b""", Options, 60_000)]
    private static partial Regex ControlFile();

    [GeneratedRegex("""^data type (?<type>.+) has no default operator class for access method "(?<method>.+)"$""", Options, 60_000)]
    private static partial Regex DefaultOperatorClass();

    [GeneratedRegex("""(?<name>[^\s"(]+)\(""", Options, 60_000)]
    private static partial Regex Call();

    /// <summary>What stands behind the colon, in every language.</summary>
    [GeneratedRegex("""^[^(:]*: (?<name>.*[-+*/<>=~!@#%^&|`?].*)$""", Options, 60_000)]
    private static partial Regex Signature();

    [GeneratedRegex("""^(?<left>.*?) ?([\w$]+\.)*(?<name>[-+*/<>=~!@#%^&|`?]+) ?(?<right>.*)$""", Options, 60_000)]
    private static partial Regex OperatorParts();

    /// <summary><c>type public.vector does not exist</c>, <c>column o.embedding does not exist</c>: a word and a name, without any marks.</summary>
    [GeneratedRegex("""^\w+ (?<name>[\w$.]+)(\[\])* does not exist""", Options, 60_000)]
    private static partial Regex Unquoted();
}

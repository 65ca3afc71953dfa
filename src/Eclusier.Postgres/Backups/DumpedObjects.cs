using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;

namespace Eclusier.Postgres.Backups;

/// <summary>Says what entries of a dump are, from the comments above their SQL: the list of contents has nothing but spaces between schema and name.</summary>
internal static partial class DumpedObjects
{
    private static readonly HashSet<string> Unnamed = new(StringComparer.Ordinal)
    {
        "COMMENT", "ACL", "SECURITY LABEL", "SHELL TYPE", "TABLE ATTACH", "INDEX ATTACH", "ROW SECURITY", "SEQUENCE OWNED BY", "SEQUENCE SET", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "USER MAPPING",
    };

    /// <summary>Entries whose name is their table's and their own.</summary>
    private static readonly HashSet<string> OnTables = new(StringComparer.Ordinal) { "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "TRIGGER", "POLICY", "RULE", "DEFAULT" };

    /// <summary>Entries that go with a table which they need.</summary>
    private static readonly HashSet<string> OfTables = new(StringComparer.Ordinal) { "INDEX", "SEQUENCE", "STATISTICS" };

    /// <param name="lacking">Entry -> the extension that it lacks.</param>
    /// <param name="folder">For a file in between.</param>
    /// <returns>Per extension, what is worth naming, in the dump's order.</returns>
    public static async Task<ILookup<string, UnprovenObject>> DescribeAsync(
        PostgresTools tools, string dump, DumpContents contents, IReadOnlyDictionary<int, string> lacking, string folder, CancellationToken cancellationToken)
    {
        var list = Path.Combine(folder, "unproven.list");
        OwnerOnly.Write(list, string.Concat(lacking.Keys.Select(id => $"{id};\n")));
        var sql = await ChildProcess.RunAsync(tools.Path("pg_restore"), ["--schema-only", "--verbose", $"--use-list={list}", "--file=-", dump], PostgresRestore.InEnglish, cancellationToken);
        var comments = Comment().Matches(sql.Output).ToDictionary(match => int.Parse(match.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture), Object);
        var tables = comments.Where(comment => comment.Value?.Kind is "table" or "materialized view" or "foreign table").ToDictionary(comment => comment.Key, comment => comment.Value!.ToObject().Name);
        return contents.Entries
            .Where(entry => comments.GetValueOrDefault(entry.Id) is { } name && (name.Kind, name.Name) != ("extension", lacking[entry.Id]))
            .ToLookup(entry => lacking[entry.Id], entry => WithTable(comments[entry.Id]!, entry, tables), StringComparer.Ordinal);
    }

    private static UnprovenObject WithTable(CatalogName name, DumpEntry entry, Dictionary<int, string> tables)
    {
        var of = name.Table is { } table ? tables.Values.FirstOrDefault(unproven => unproven == table)
            : OfTables.Contains(name.Kind.ToUpperInvariant()) ? entry.Needs.Select(need => tables.GetValueOrDefault(need)).FirstOrDefault(found => found is not null)
            : null;
        return name.ToObject(of);
    }

    private static CatalogName? Object(Match comment)
    {
        var (type, schema, name) = (comment.Groups["type"].Value, comment.Groups["schema"].Value, comment.Groups["name"].Value);
        if (Unnamed.Contains(type))
            return null;
        var kind = type.EndsWith("CONSTRAINT", StringComparison.Ordinal) ? "constraint" : type == "PROCEDURAL LANGUAGE" ? "language" : type.ToLowerInvariant();
        // Which of two spaces is the one between a table and what it has, nobody can tell.
        return OnTables.Contains(type) && name.Split(' ') is [var table, var own]
            ? new CatalogName(kind, null, own, CatalogName.Qualified(schema, table))
            : new CatalogName(kind, schema == "-" ? null : schema, name);
    }

    [GeneratedRegex("""^-- TOC entry (?<id>\d+) .*\n(-- Dependencies: .*\n)?-- Name: (?<name>.*); Type: (?<type>[A-Z ]+); Schema: (?<schema>.*); Owner: .*$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 60_000)]
    private static partial Regex Comment();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Files;
using Eclusier.Postgres.Connections;

namespace Eclusier.Postgres.Backups;

/// <summary>What of a dump a user may put back who does not own everything: all that is the user's own.</summary>
/// <param name="Entries">To restore, in the dump's order.</param>
/// <param name="Mixed">The entry of the contents of all large objects, where some of these are others' (before version 17, a dump has one for all); null: none is, or each entry is of one owner.</param>
/// <param name="OthersObjects">Numbers of the large objects of others.</param>
internal sealed partial record DumpChoice(IReadOnlyList<int> Entries, int? Mixed, IReadOnlySet<string> OthersObjects)
{
    public static async Task<DumpChoice> OfAsync(PostgresTools tools, string dump, DumpContents contents, OwnObjects own, CancellationToken cancellationToken)
    {
        var sql = await ChildProcess.RunAsync(tools.Path("pg_restore"), ["--schema-only", "--verbose", "--file=-", dump], PostgresRestore.InEnglish, cancellationToken);
        var headers = Header().Matches(sql.Output).GroupBy(Id).ToDictionary(group => group.Key, group => group.First());
        var left = new HashSet<int>();
        foreach (var entry in contents.Entries.Where(entry => !IsOurs(entry, headers.GetValueOrDefault(entry.Id), own)))
            left.Add(entry.Id);
        var others = contents.Entries.Where(entry => left.Contains(entry.Id)).Select(entry => LargeObject().Match(entry.Text)).Where(found => found.Success).Select(found => found.Groups["object"].Value).ToHashSet(StringComparer.Ordinal);
        var mixed = others.Count == 0 ? null : contents.Entries.FirstOrDefault(entry => entry.Text.StartsWith("BLOBS - BLOBS", StringComparison.Ordinal));
        return new DumpChoice(
            [.. contents.Entries.Where(entry => entry != mixed && !left.Contains(entry.Id) && !(IsRows(entry) && entry.Needs.Any(left.Contains)) && !IsOfMember(contents, entry)).Select(entry => entry.Id)],
            mixed?.Id, others);
    }

    /// <summary>The script of <see cref="Mixed"/> without what is others'.</summary>
    public async Task FilterAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var file = OwnerOnly.Open(to, FileMode.Create);
        await using var writer = new StreamWriter(file);
        var skipping = false;
        await foreach (var line in File.ReadLinesAsync(from, cancellationToken))
        {
            if (Opened().Match(line) is { Success: true } opened)
                skipping = OthersObjects.Contains(opened.Groups["object"].Value);
            if (!skipping)
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken);
            if (line.StartsWith("SELECT pg_catalog.lo_close(", StringComparison.Ordinal))
                skipping = false;
        }
    }

    /// <summary>An owner whom the server does not know stays in: the restore must fail rather than leave something out.</summary>
    private static bool IsOurs(DumpEntry entry, Match? header, OwnObjects own)
    {
        if (header is null)
            return LargeObject().Match(entry.Text) is not { Success: true } found || !own.OtherRoles.Contains(found.Groups["owner"].Value);
        var (type, name, owner) = (header.Groups["type"].Value, header.Groups["name"].Value, header.Groups["owner"].Value);
        return type switch
        {
            "SCHEMA" => !own.Schemas.Contains(name),
            "EXTENSION" => !own.Extensions.Contains(name),
            "COMMENT" when name.StartsWith("EXTENSION ", StringComparison.Ordinal) => !own.Extensions.Contains(name["EXTENSION ".Length..].Trim('"')),
            _ => !own.OtherRoles.Contains(owner) && !own.WithoutOwner.Contains(name) && !own.WithoutOwner.Contains($"{type} {name}"),
        };
    }

    /// <summary>Rows and rights of what an extension brings, which stays. (Refreshing a view needs what is in no list, too.)</summary>
    private static bool IsOfMember(DumpContents contents, DumpEntry entry) =>
        contents.IsAboutMember(entry) && !entry.Text.StartsWith("MATERIALIZED VIEW DATA ", StringComparison.Ordinal) && !IsAboutPublic(entry);

    /// <summary>That schema is in no list either, where it is as in a new database.</summary>
    private static bool IsAboutPublic(DumpEntry entry) =>
        entry.Text.StartsWith("ACL - SCHEMA public ", StringComparison.Ordinal) || entry.Text.StartsWith("COMMENT - SCHEMA public ", StringComparison.Ordinal);

    private static bool IsRows(DumpEntry entry) => entry.IsData || entry.Text.StartsWith("SEQUENCE SET ", StringComparison.Ordinal);

    private static int Id(Match header) => int.Parse(header.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^-- TOC entry (?<id>\d+) .*\n(-- Dependencies: .*\n)?-- Name: (?<name>.*); Type: (?<type>[A-Z ]+); Schema: .*; Owner: (?<owner>.*)$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 60_000)]
    private static partial Regex Header();

    [GeneratedRegex("""^SELECT pg_catalog\.lo_open\('(?<object>\d+)',""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Opened();

    [GeneratedRegex("""^(BLOB(S| METADATA)? - |(ACL|COMMENT) - LARGE OBJECTS? )(?<object>\d+)(\.\.\d+)? (?<owner>.+)$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex LargeObject();
}

using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Catalog;

/// <summary>The SQL of a snapshot, from the files of <c>Catalog/Snapshot</c>, for one version of the server and one user's rights.</summary>
/// <param name="Objects">kind, name, parent, local name, id, definition, removal.</param>
/// <param name="Needs">Pairs of ids: the first needs the second.</param>
internal sealed record SnapshotQuery(string Objects, string Needs)
{
    private static readonly string[] Parts = ["relations", "columns", "tables", "routines", "rights", "comments", "database"];

    /// <summary>What few databases have: reading the SQL for it takes the server longer than finding out that there is nothing of it.</summary>
    private static readonly (string Part, string Present)[] RareParts =
    [
        // Of subscriptions most users may read some columns only.
        ("publications", "exists (select from pg_catalog.pg_publication) or exists (select from pg_catalog.pg_event_trigger) or exists (select subdbid from pg_catalog.pg_subscription)"),
        ("operators", AnyOfUsers(
            "pg_operator", "pg_collation", "pg_conversion", "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template", "pg_opclass", "pg_opfamily", "pg_foreign_data_wrapper", "pg_foreign_server",
            "pg_event_trigger", "pg_publication", "pg_statistic_ext", "pg_language", "pg_cast", "pg_transform", "pg_am") + " or exists (select from pg_catalog.pg_depend where refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and deptype = 'x')"),
        ("foreign", AnyOfUsers("pg_foreign_data_wrapper", "pg_foreign_server")),
    ];

    /// <summary>Options and settings that hold a secret by their name, or in their value: an address with a password, a connection string.</summary>
    private const string SecretName = "pass|pwd|secret|token|credential|private|access.?key|api.?key|_key$";

    private const string SecretValue = "(pass|pwd)[a-z]*[ ]*=|://[^/@]*:[^/@]*@";

    private static readonly ConcurrentDictionary<(int Version, bool Superuser, string Rare), SnapshotQuery> Known = new();

    /// <param name="name">Of an option, or of a setting.</param>
    public static bool IsSecret(string name) => Regex.IsMatch(name, SecretName, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>With the parts that this database has something of.</summary>
    public static async Task<SnapshotQuery> ForAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Present, connection);
        await command.PrepareAsync(cancellationToken);
        var rare = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        return Known.GetOrAdd((connection.PostgreSqlVersion.Major, connection.PostgresParameters.GetValueOrDefault("is_superuser") == "on", rare), key => Build(key.Version, key.Superuser, key.Rare));
    }

    /// <summary>The names of the rare parts that there are, separated by spaces.</summary>
    private static string Present { get; } = $"select pg_catalog.concat_ws(' ', {string.Join(", ", RareParts.Select(rare => $"case when {rare.Present} then '{rare.Part}' end"))})";

    /// <summary>What did not come with the server: its numbers end before these (FirstNormalObjectId in transam.h).</summary>
    private static string AnyOfUsers(params string[] catalogs) => string.Join(" or ", catalogs.Select(catalog => $"exists (select from pg_catalog.{catalog} where oid >= 16384)"));

    private static SnapshotQuery Build(int version, bool superuser, string rare)
    {
        var parts = string.Join("\nunion all\n", Parts.Concat(rare.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(part => $"(\n{Read(part)})"));
        var objects = $"{Read("scope")}objects(kind, name, parent, local, id, definition, removal) as (\n{parts}\n)\nselect kind, name, parent, local, id, definition, removal from objects";
        return new SnapshotQuery(
            Uncounted.FilledInto(objects)
                .Replace("{compression}", version >= 14 ? "attcompression" : "''", StringComparison.Ordinal)
                .Replace("{parent_trigger}", version >= 13 ? "t.tgparentid = 0" : "true", StringComparison.Ordinal)
                .Replace("{parameter_rights}", version >= 15 ? ParameterRights : "", StringComparison.Ordinal)
                .Replace("{published_part}", version >= 15 ? PublishedPart : "", StringComparison.Ordinal)
                .Replace("{published_schemas}", version >= 15 ? PublishedSchemas : "", StringComparison.Ordinal)
                .Replace("{subscription_options}", string.Concat(SubscriptionOptions.Where(option => version >= option.Since).Select(option => $" || ', {option.Column[3..]} ' || s.{option.Column}::text")), StringComparison.Ordinal)
                .Replace("{subscription_id}", version >= 14 ? "s.oid" : "s.subname", StringComparison.Ordinal)
                .Replace("{subscription_commit}", version >= 14 || superuser ? "|| ', synchronous_commit ' || s.subsynccommit" : "", StringComparison.Ordinal)
                .Replace("{subscription_connection}", superuser ? "', connection *** ' || left(md5(s.subconninfo), 6)" : "''", StringComparison.Ordinal)
                .Replace("{secret_name}", Literal.Quote(SecretName), StringComparison.Ordinal)
                .Replace("{secret_value}", Literal.Quote(SecretValue), StringComparison.Ordinal),
            Read("needs"));
    }

    /// <summary>Each by its name: one column of that table is hidden from most users, and so is its row as a whole.</summary>
    private static readonly (string Column, int Since)[] SubscriptionOptions =
    [
        ("subbinary", 14), ("substream", 14), ("subtwophasestate", 15), ("subdisableonerr", 15), ("suborigin", 16), ("subpasswordrequired", 16), ("subrunasowner", 16), ("subfailover", 17),
    ];

    private const string ParameterRights = """
        union all
          select 'p', 'pg_parameter_acl'::regclass, oid, 0, 'parameter', parname, parname, 'parameter ' || parname, 10, paracl from pg_parameter_acl
        """;

    private const string PublishedPart = """
        || coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = m.prrelid and a.attnum = any(m.prattrs::int2[])) || ')', '')
            || coalesce(' where (' || pg_get_expr(m.prqual, m.prrelid) || ')', '')
        """;

    private const string PublishedSchemas = """
        select 'published schema', quote_ident(n.nspname) || ' in ' || quote_ident(p.pubname), quote_ident(p.pubname), quote_ident(n.nspname), 'pn' || m.oid,
          'alter publication ' || quote_ident(p.pubname) || ' add tables in schema ' || quote_ident(n.nspname), 'alter publication ' || quote_ident(p.pubname) || ' drop tables in schema ' || quote_ident(n.nspname)
        from pg_publication_namespace m join pg_publication p on p.oid = m.pnpubid join pg_namespace n on n.oid = m.pnnspid
        union all

        """;

    private static string Read(string part) => EmbeddedScript.Read($"Catalog.Snapshot.{part}.sql");
}

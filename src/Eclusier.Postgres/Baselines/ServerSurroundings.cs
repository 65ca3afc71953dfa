using System.Data;
using Eclusier.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>Reads what migrations find on a server.</summary>
internal static class ServerSurroundings
{
    private const string Roles = """
        select r.rolname::text,
          concat_ws(' ', case when rolsuper then 'superuser' end, case when rolcreatedb then 'createdb' end, case when rolcreaterole then 'createrole' end,
            case when not rolinherit then 'noinherit' end, case when rolreplication then 'replication' end, case when rolbypassrls then 'bypassrls' end),
          array(select m.rolname::text from pg_auth_members a join pg_roles m on m.oid = a.roleid where a.member = r.oid order by 1)
        from pg_roles r order by r.rolname
        """;

    private const string Extensions = """
        select e.extname::text, n.nspname::text, e.extversion from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql' order by e.extname
        """;

    private const string Schemas = """
        select nspname::text from pg_namespace n
        where nspname !~ '^pg_' and nspname not in ('information_schema', 'public', {schemas})
          and not exists (select from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
        order by nspname
        """;

    /// <summary>
    /// Timeouts are ours, libraries and tablespaces the machine's, and what only concerns the log or the client concerns nobody here. A database that
    /// is read-only by default is a matter of the decision.
    /// </summary>
    private const string Settings = """
        select name, setting, source = 'database' from pg_settings
        where context in ('user', 'superuser')
          and (source in ('database', 'user', 'database user', 'global', 'client')
            or (source in ('configuration file', 'command line', 'environment variable') and (category like 'Client Connection Defaults%' or category like 'Version and Platform Compatibility%')))
          and category not like 'Reporting and Logging%'
          and name !~ '(_timeout|preload_libraries|tablespaces?)$'
          and name not in ('application_name', 'client_encoding', 'client_min_messages', 'default_transaction_read_only', 'dynamic_library_path', 'role', 'session_authorization')
          and name !~ '^lc_'
        union all
        -- Those with a prefix of their own are shown nowhere else.
        select distinct name, current_setting(name), s.setdatabase <> 0 and s.setrole = 0 from pg_db_role_setting s cross join unnest(s.setconfig) config cross join split_part(config, '=', 1) name
        where strpos(name, '.') > 0 and current_setting(name, true) is not null and s.setdatabase in (0, (select oid from pg_database where datname = current_database())) and s.setrole in (0, (select oid from pg_roles where rolname = session_user))
          and name not in (select s.name from pg_settings s)
        order by 1
        """;

    public static async Task<Surroundings> OfAsync(NpgsqlConnection connection, string platform, CancellationToken cancellationToken)
    {
        var user = await connection.ScalarAsync<string>("select current_user::text", cancellationToken) ?? "";
        var roles = await connection.RowsAsync(Roles, row => new ServerRole(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2)), cancellationToken);
        var extensions = await connection.RowsAsync(Extensions, row => new InstalledExtension(row.GetString(0), row.GetString(1), row.GetString(2)), cancellationToken);
        var standIns = await ExtensionStandIn.ReadAsync(connection, cancellationToken);
        return new Surroundings(platform, user, roles, [.. extensions.Select(extension => extension with { StandIn = [.. standIns[extension.Name]] })])
        {
            Schemas = await connection.RowsAsync(Schemas.Replace("{schemas}", string.Join(", ", TrackingTable.Schemas.Select(Literal.Quote)), StringComparison.Ordinal), row => row.GetString(0), cancellationToken),
            Settings = await SettingsAsync(connection, cancellationToken),
            Text = await TextAsync(connection, cancellationToken),
        };
    }

    /// <summary>What sessions begin with: a run has set some of it otherwise for itself.</summary>
    private static async Task<IReadOnlyList<SessionSetting>> SettingsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAllAsync(["begin", .. OwnSettings.AsOthers("set local")], cancellationToken);
        try
        {
            return await connection.RowsAsync(Settings, row => new SessionSetting(row.GetString(0), row.GetString(1), row.GetBoolean(2)), cancellationToken);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
                await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    private static async Task<TextTraits> TextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (provider, locale) = connection.PostgreSqlVersion.Major switch
        {
            >= 17 => ("datlocprovider", "datlocale"),
            >= 15 => ("datlocprovider", "daticulocale"),
            _ => ("'c'", "null"),
        };
        var traits = await connection.RowsAsync(
            $"""
            select pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text, case {provider} when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end, {locale}::text
            from pg_database where datname = current_database()
            """,
            row => new TextTraits(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)), cancellationToken);
        return traits[0];
    }
}

using System.Diagnostics;
using System.Globalization;
using Eclusier.Engines;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sandbox;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres;

/// <summary>
/// Swaps two databases of a server by ALTER DATABASE … RENAME. Both renames are one transaction: cut off anywhere, the name is with one of
/// them. While the first rename holds its lock, whoever connects waits, and those who are connected are sent away.
/// </summary>
internal sealed class PostgresSwap : DatabaseSwap
{
    private const int LongestName = 63;

    private const string Stamp = "yyyyMMdd_HHmmss";

    private readonly DatabaseUrl _live;
    private readonly NpgsqlConnection? _server;
    private readonly string _name;
    private readonly string _kept;
    private readonly string _beside;
    private bool _swapped;

    private PostgresSwap(DatabaseUrl live, NpgsqlConnection? server, string time, Text? impossible, IReadOnlyList<Text> warnings)
    {
        (_live, _server, Impossible, Warnings) = (live, server, impossible, warnings);
        _name = PostgresUrl.Parse(live).Database;
        _kept = Named($"_before_{time}");
        _beside = Named($"_restored_{time}");
    }

    public override Text? Impossible { get; }

    public override IReadOnlyList<Text> Warnings { get; }

    public static async Task<PostgresSwap> PrepareAsync(DatabaseUrl live, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = PostgresUrl.Parse(live).Database;
        var stamp = $"{time.GetUtcNow().UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}";
        NpgsqlConnection server;
        try
        {
            // Not from the database itself, which nobody may be connected to.
            server = await PostgresConnection.OpenAsync(PostgresUrl.WithDatabase(live, name == "postgres" ? "template1" : "postgres"), "eclusier swap", cancellationToken);
        }
        catch (EclusierException refused)
        {
            return new PostgresSwap(live, null, stamp, new Text($"no other database of the server can be connected to ({refused.Problem.En})", $"aucune autre base du serveur n'est accessible ({refused.Problem.Fr})"), []);
        }

        return new PostgresSwap(live, server, stamp, await ImpossibleAsync(server, name, cancellationToken), await WarningsAsync(server, name, cancellationToken));
    }

    /// <summary>A restore of this database holds its lock: whatever has the name of a copy beside it is of one that was killed, unless somebody else looks into it.</summary>
    public override async Task<IReadOnlyList<Text>> RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
            return [];
        var prefix = _beside[..^Stamp.Length];
        var found = await _server.RowsAsync(
            $"""
            select d.datname::text, not exists (select from pg_stat_activity a where a.datname = d.datname and a.application_name not in ('pg_restore', 'eclusier restore')), pg_has_role(d.datdba, 'USAGE')
            from pg_database d where starts_with(d.datname, {Literal.Quote(prefix)}) and substr(d.datname, {prefix.Length + 1}) ~ '^[0-9]+_[0-9]+$' and length(d.datname) = {_beside.Length} order by 1
            """,
            row => (Name: row.GetString(0), Alone: row.GetBoolean(1), Ours: row.GetBoolean(2)),
            cancellationToken);
        var said = new List<Text>();
        foreach (var (name, alone, ours) in found)
        {
            if (alone && ours)
                await ScratchDatabase.DropAsync(_server, name, cancellationToken);
            said.Add(alone && ours
                ? new Text($"removed database {name}, which a restore that was cut off had left", $"base {name} supprimée : une restauration interrompue l'avait laissée")
                : new Text($"database {name} is left of a restore that was cut off; it is in use or not yours, and stays", $"la base {name} reste d'une restauration interrompue ; elle est utilisée ou n'est pas à vous, et demeure"));
        }

        return said;
    }

    public override async Task<Database> CreateBesideAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in await CreationAsync(cancellationToken))
            await _server!.ExecuteAsync(statement, cancellationToken);
        return await PostgresDatabase.OpenAsync(PostgresUrl.WithDatabase(_live, _beside), "eclusier restore", cancellationToken);
    }

    public override Task<SwapResult> SwapAsync(CancellationToken cancellationToken) => ExchangeAsync(_kept, _beside, swapped: true, cancellationToken);

    public override Task<SwapResult> SwapBackAsync(CancellationToken cancellationToken) => ExchangeAsync(_beside, _kept, swapped: false, cancellationToken);

    public override async Task DropBesideAsync()
    {
        if (!_swapped && _server is not null)
            await ScratchDatabase.DropAsync(_server, _beside, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private string Named(string suffix) => _name.Length + suffix.Length <= LongestName ? _name + suffix : _name[..(LongestName - suffix.Length)] + suffix;

    private static async Task<Text?> ImpossibleAsync(NpgsqlConnection server, string name, CancellationToken cancellationToken)
    {
        var found = await server.RowsAsync(
            $"""
            select r.rolsuper or (r.rolcreatedb and pg_has_role(d.datdba, 'USAGE')), r.rolsuper or pg_has_role('pg_signal_backend', 'USAGE'),
              (select count(*) from pg_prepared_xacts where database = d.datname), d.datistemplate
            from pg_roles r, pg_database d where r.rolname = current_user and d.datname = {Literal.Quote(name)}
            """,
            row => (MayRename: row.GetBoolean(0), MaySignal: row.GetBoolean(1), Prepared: row.GetInt64(2), Template: row.GetBoolean(3)),
            cancellationToken);
        return found switch
        {
            [{ MayRename: false }] => new Text("the user neither owns the database with the right to create others, nor is superuser", "l'utilisateur n'est ni propriétaire de la base avec le droit d'en créer, ni super-utilisateur"),
            [{ MaySignal: false }] => new Text("the user may not end other sessions (pg_signal_backend)", "l'utilisateur ne peut pas terminer les autres sessions (pg_signal_backend)"),
            [{ Prepared: > 0 }] => new Text("a prepared transaction holds the database (pg_prepared_xacts)", "une transaction préparée retient la base (pg_prepared_xacts)"),
            [{ Template: true }] => new Text("the database is a template", "la base est un modèle"),
            [_] => null,
            _ => new Text("the server does not list the database under this name (a pooler?)", "le serveur ne connaît pas la base sous ce nom (un pooler ?)"),
        };
    }

    private static async Task<IReadOnlyList<Text>> WarningsAsync(NpgsqlConnection server, string name, CancellationToken cancellationToken)
    {
        var slots = await server.ScalarAsync<string>($"select string_agg(slot_name, ', ') from pg_replication_slots where database = {Literal.Quote(name)}", cancellationToken);
        var subscriptions = await server.ScalarAsync<long>($"select count(*) from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = {Literal.Quote(name)}", cancellationToken);
        return
        [
            .. slots is null ? [] : new[] { new Text($"logical replication slots stay with the former database: {slots}", $"les slots de réplication logique restent à l'ancienne base : {slots}") },
            .. subscriptions == 0 ? [] : new[] { new Text($"subscriptions that stay with the former database: {subscriptions}", $"abonnements qui restent à l'ancienne base : {subscriptions}") },
        ];
    }

    /// <summary>What <c>pg_dump</c> without <c>--create</c> leaves out: owner, encoding, limits, rights on the database, its settings and those of roles in it.</summary>
    private async Task<IReadOnlyList<string>> CreationAsync(CancellationToken cancellationToken)
    {
        var version = _server!.PostgreSqlVersion.Major;
        var provider = version >= 15 ? " || case d.datlocprovider when 'i' then format(' locale_provider icu icu_locale %L', d." + (version >= 17 ? "datlocale" : "daticulocale") + ") else '' end" : "";
        const string Create = "select format('create database %I template template0 owner %I encoding %L lc_collate %L lc_ctype %L tablespace %I connection limit %s', ";
        return await _server.RowsAsync(
            $"""
            {Create}{Literal.Quote(_beside)}::text, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, t.spcname, d.datconnlimit){provider}
            from pg_database d join pg_tablespace t on t.oid = d.dattablespace where d.datname = {Literal.Quote(_name)}
            union all
            select statement from (
              select format('revoke all on database %I from public', {Literal.Quote(_beside)}::text) as statement from pg_database where datname = {Literal.Quote(_name)} and datacl is not null
              union all
              select format('grant %s on database %I to %s%s', a.privilege_type, {Literal.Quote(_beside)}::text, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable then ' with grant option' else '' end)
              from pg_database d cross join aclexplode(d.datacl) a where d.datname = {Literal.Quote(_name)}
              union all
              select format('alter %s set %I to %s', case s.setrole when 0 then format('database %I', {Literal.Quote(_beside)}::text) else format('role %I in database %I', pg_get_userbyid(s.setrole), {Literal.Quote(_beside)}::text) end,
                split_part(setting, '=', 1), case when split_part(setting, '=', 1) in ('search_path', 'DateStyle', 'session_preload_libraries', 'local_preload_libraries', 'temp_tablespaces') then substr(setting, strpos(setting, '=') + 1) else quote_literal(substr(setting, strpos(setting, '=') + 1)) end)
              from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase cross join unnest(s.setconfig) setting where d.datname = {Literal.Quote(_name)}
              union all
              select format('comment on database %I is %L', {Literal.Quote(_beside)}::text, shobj_description(d.oid, 'pg_database')) from pg_database d where d.datname = {Literal.Quote(_name)} and shobj_description(d.oid, 'pg_database') is not null
            ) more
            """,
            row => row.GetString(0),
            cancellationToken);
    }

    /// <param name="aside">The name that the live database gets.</param>
    /// <param name="ahead">The database that becomes the live one.</param>
    private async Task<SwapResult> ExchangeAsync(string aside, string ahead, bool swapped, CancellationToken cancellationToken)
    {
        await using var usher = await PostgresConnection.OpenAsync(PostgresUrl.WithDatabase(_live, _server!.Database), "eclusier swap", cancellationToken);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await _server.ExecuteAsync("begin", cancellationToken);
            var renaming = _server.ExecuteAsync($"alter database {Identifier.Quote(_name)} rename to {Identifier.Quote(aside)}", CancellationToken.None);
            while (!renaming.IsCompleted)
            {
                // RENAME waits five seconds for the others to leave (CountOtherDBBackends).
                await usher.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname in ({Literal.Quote(_name)}, {Literal.Quote(ahead)})", CancellationToken.None);
                await Task.WhenAny(renaming, Task.Delay(20, CancellationToken.None));
            }

            await renaming;
            await _server.ExecuteAsync($"alter database {Identifier.Quote(ahead)} rename to {Identifier.Quote(_name)}", CancellationToken.None);
            await _server.ExecuteAsync("commit", CancellationToken.None);
        }
        catch (PostgresException error)
        {
            await _server.ExecuteAsync("rollback", CancellationToken.None);
            throw new UnavailableException(
                new Text($"The databases were not swapped: {PostgresErrors.Describe(error)} Everything is as it was, but connections were cut.", $"Les bases n'ont pas été échangées : {PostgresErrors.Describe(error)} Tout est comme avant, mais des connexions ont été coupées."),
                PostgresUrl.Describe(_live),
                new Text("Stop the application, then run the same command again.", "Arrêtez l'application, puis relancez la même commande."),
                error);
        }

        _swapped = swapped;
        return new SwapResult(swapped ? aside : _name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}

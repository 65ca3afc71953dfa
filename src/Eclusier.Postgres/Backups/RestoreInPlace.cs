using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>
/// Replaces what is the user's in a database with a dump, in one transaction: it is there whole, or everything is as it was. Nobody can work meanwhile.
/// What belongs to others (a hosted server's own schemas, extensions) stays as it is; where some of it would go along, nothing is changed.
/// </summary>
internal static class RestoreInPlace
{
    private const string Application = "eclusier";

    /// <returns>What belongs to others and was left as it is.</returns>
    /// <exception cref="RefusedException">The dump cannot be restored there, and why; everything is as it was.</exception>
    public static async Task<LeftAlone> RunAsync(DatabaseUrl url, NpgsqlConnection connection, Dump dump, string folder, CancellationToken cancellationToken)
    {
        var tools = await PostgresTools.FindAsync("pg_restore", cancellationToken);
        var file = Path.Combine(folder, dump.File);
        var contents = await DumpContents.ReadAsync(tools, file, cancellationToken) ?? throw Failed(dump, new Text("the dump's list of contents cannot be read", "la table des matières de la sauvegarde est illisible"));
        var own = await OwnObjects.FindAsync(connection, contents.Extensions, cancellationToken);
        var (before, list, restore, after) = (Path.Combine(folder, "before.sql"), Path.Combine(folder, "restore.list"), Path.Combine(folder, "restore.sql"), Path.Combine(folder, "after.sql"));
        OwnerOnly.Write(before, Script([.. Beginning(await PostgresIdentity.OfAsync(connection, cancellationToken)), Remember(own), .. own.Emptying, NothingLost(own)]));
        OwnerOnly.Write(after, Script(own.Again));
        var choice = await DumpChoice.OfAsync(tools, file, contents, own, cancellationToken);
        // A table can only be given to a role that may create in its schema, and pg_restore grants that at the very end. Views are filled by the rights of their owners.
        var turns = contents.Entries.ToDictionary(entry => entry.Id, TurnOf);
        var scripts = new List<string>();
        foreach (var turn in Enum.GetValues<Turn>())
        {
            var script = turn == Turn.Objects ? restore : Path.Combine(folder, $"restore-{turn.ToString().ToLowerInvariant()}.sql");
            await ScriptAsync(choice.Entries.Where(id => turns[id] == turn), script);
            if (turn is Turn.Schemas or Turn.Rights)
                await AsMemberAsync(script, cancellationToken);
            scripts.Add(script);
        }

        var objects = Path.Combine(folder, "objects.sql");
        if (choice.Mixed is { } mixed)
        {
            await ScriptAsync([mixed], objects);
            await choice.FilterAsync(objects, $"{objects}.ours", cancellationToken);
        }

        await RunAsync(
            tools.Path("psql"),
            ["--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction", $"--file={before}", .. scripts.Select(script => $"--file={script}"), .. choice.Mixed is null ? [] : new[] { $"--file={objects}.ours" }, $"--file={after}"],
            PostgresUrl.ChildEnvironment(url), dump, cancellationToken);
        return own.Left;

        async Task ScriptAsync(IEnumerable<int> entries, string to)
        {
            OwnerOnly.Write(list, string.Concat(entries.Select(id => $"{id};\n")));
            OwnerOnly.Write(to, "");
            await RunAsync(tools.Path("pg_restore"), ["--no-subscriptions", "--no-tablespaces", "--no-security-labels", $"--use-list={list}", $"--file={to}", file], null, dump, cancellationToken);
            NewerSetting.CommentOut(to);
        }
    }

    private enum Turn
    {
        Schemas,
        Objects,
        Rights,
        FilledViews,
    }

    private static Turn TurnOf(DumpEntry entry) =>
        entry.IsSchema || entry.IsAboutSchema ? Turn.Schemas : entry.IsRight ? Turn.Rights : entry.IsFilledView ? Turn.FilledViews : Turn.Objects;

    /// <summary>
    /// What somebody else than the owner granted, pg_dump lets that role grant again by SET SESSION AUTHORIZATION, which only superusers may: a member can do the
    /// same by SET ROLE. There are no rows in such a script.
    /// </summary>
    private static async Task AsMemberAsync(string script, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(script, cancellationToken);
        OwnerOnly.Write(script, string.Concat(lines.Select(line => line switch
        {
            "RESET SESSION AUTHORIZATION;" => "RESET ROLE;\n",
            _ when line.StartsWith(SetSession, StringComparison.Ordinal) => $"SET ROLE {line[SetSession.Length..]}\n",
            _ => $"{line}\n",
        })));
    }

    private const string SetSession = "SET SESSION AUTHORIZATION ";

    private static string Script(IEnumerable<string> statements) => string.Concat(statements.Select(statement => $"{statement};\n"));

    /// <summary>psql opens a connection of its own: it must lead to the same database.</summary>
    private static IEnumerable<string> Beginning(DatabaseIdentity identity) =>
    [
        "set client_min_messages = warning",
        "set lock_timeout = '30s'",
        "select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name = 'transaction_timeout'",
        "select pg_catalog.set_config('search_path', '', false)",
        $"do $$ begin if (select oid::text from pg_database where datname = current_database()) <> {Literal.Quote(identity.Marks[0])} then raise exception 'the address leads to another database now'; end if; end $$",
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name not like '{Application}%' and pg_has_role(usesysid, 'MEMBER')",
    ];

    /// <summary>In a setting of the transaction: a temporary table would need a right that some databases give to nobody.</summary>
    private static string Remember(OwnObjects own) => $"""
        select set_config('eclusier.others', coalesce((select json_agg(json_build_array(o.classid, o.objid, o.part, pg_describe_object(o.classid, o.objid, o.part))) from ({own.Others}) o), '[]')::text, true)
        """;

    private static string NothingLost(OwnObjects own) => $"""
        do $lost$ declare lost text; begin
          with now as materialized ({own.Others})
          select string_agg(o ->> 3, ', ') into lost from json_array_elements(current_setting('eclusier.others')::json) o
          where not exists (select from now where now.classid = (o ->> 0)::oid and now.objid = (o ->> 1)::oid and now.part = (o ->> 2)::int);
          if lost is not null then raise exception 'this belongs to others and rests on what the backup replaces: %', lost; end if;
        end $lost$
        """;

    private static async Task RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment, Dump dump, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(program, arguments, environment, cancellationToken);
        if (!result.Succeeded)
            throw Failed(dump, Text.Same(result.LastLines()));
    }

    private static EclusierException Failed(Dump dump, Text why) => new RefusedException(
        new Text($"The backup could not be restored in place, and everything is as it was: {why.En}", $"La sauvegarde n'a pas pu être restaurée sur place, et tout est comme avant : {why.Fr}"),
        dump.File,
        new Text("Mend the cause, then run the same command again; or restore into a new database, and point the application there.", "Corrigez la cause, puis relancez la même commande ; ou restaurez dans une nouvelle base, et dirigez-y l'application."));
}

using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>
/// Every remedy that is SQL is run on a real server: each of its statements is accepted, none reads the table under a lock that keeps writers out, lint is silent on each
/// migration of it, and the catalog ends as by the statement itself.
/// </summary>
public sealed class RemedyTests(PostgresServer server)
{
    private const int Rows = 1500;

    private const string LongName = "the_orders_of_all_customers_that_were_placed_before_the_great_mo";

    /// <summary>The world as it is named, and a statement on it: {t} the table, {n} its name without a schema, {c} a text column, {i} an integer one.</summary>
    private static readonly (string Table, string Text, string Number)[] Names =
    [
        ("orders", "note", "amount"),
        ("\"Order Lines\"", "\"userNote\"", "\"Amount\""),
        ("\"order\"", "\"user\"", "\"limit\""),
        ("shop.orders", "note", "amount"),
        ("\"Shop\".\"Orders\"", "\"the \"\"note\"\"\"", "\"é\""),
        (LongName[..62], LongName[..60], LongName[..58]),
    ];

    private static readonly string[] Statements =
    [
        "alter table {t} alter column {c} set not null",
        "alter table {t} alter {c} set not null, alter {i} set not null",
        "ALTER TABLE IF EXISTS {t} ADD CONSTRAINT positive CHECK ({i} > 0)",
        "alter table {t} add check ({i} > 0)",
        "alter table {t} add check ({i} > 0 or {c} <> '')",
        "alter table {t} add column extra int, add check ({i} > 0) no inherit /* not valid */",
        "alter table {t} add column extra int default 1 check (extra > 0)",
        "alter table {t} add column extra int unique",
        "alter table {t} add constraint \"Fk\" foreign key ({i}) references people (id) on delete cascade deferrable",
        "alter table {t} add foreign key ({i}) references people",
        "alter table {t} add column person bigint unique references people (id) on delete set null initially deferred",
        "alter table {t} add unique ({i})",
        "alter table {t} add constraint \"Uq\" unique ({i}, {c}) deferrable initially deferred",
        "alter table {t} add unique ({i}) include ({c})",
        "alter table {t} add unique nulls not distinct ({i}) with (fillfactor = 70)",
        "alter table {t} add constraint k primary key ({i})",
        "alter table {t} add primary key ({i}, {c}) using index tablespace pg_default",
        "alter table {t} add unique ({i}), add check ({c} <> ''), alter {c} set not null",
        "create index on {t} ({i})",
        "create unique index if not exists \"index on table\" on {t} using btree (lower({c}) text_pattern_ops desc nulls last) include ({i}) where {i} > 0 -- index",
        "create /* index */ index i1 on {t} ({i}) with (fillfactor = 80)",
        "reindex table {t}",
        "reindex (verbose) table {t}",
    ];

    [Fact]
    public async Task Remedies_for_every_way_to_name_things()
    {
        foreach (var (place, (table, text, number)) in Names.Index())
        {
            var setup = $"""
                create table people (id bigint primary key);
                insert into people select generate_series(1, {Rows});
                {(table.Contains('.', StringComparison.Ordinal) ? $"create schema {table.Split('.')[0]};" : "")}
                create table {table} ({text} text, {number} int);
                insert into {table} select 'n' || n, n from generate_series(1, {Rows}) n;
                """;
            var template = await WorldAsync(setup);
            // Each database costs its time: all statements under the first two names, and a part of them, another each time, under the others.
            foreach (var statement in Statements.Where((_, index) => place < 2 || index % 4 == place % 4))
                await ProveAsync(template, statement.Replace("{t}", table, StringComparison.Ordinal).Replace("{c}", text, StringComparison.Ordinal).Replace("{i}", number, StringComparison.Ordinal), named: true);
        }
    }

    [Theory]
    [InlineData("drop index a, \"B b\"")]
    [InlineData("drop index if exists a, nowhere")]
    [InlineData("reindex index a")]
    [InlineData("reindex schema public")]
    [InlineData("refresh materialized view \"MV\"")]
    [InlineData("alter table ev detach partition ev_1")]
    [InlineData("create table ev_3 partition of ev for values from (20) to (30)")]
    [InlineData("alter table t add column token uuid default gen_random_uuid()")]
    [InlineData("alter table ev attach partition \"Part\" for values from (100) to (5000)")]
    public async Task Remedies_for_other_objects(string statement) => await ProveAsync(
        await WorldAsync($"""
            create table t (x int, y int);
            insert into t select n, n from generate_series(1, {Rows}) n;
            create index a on t (x);
            create index "B b" on t (y);
            create materialized view "MV" as select x from t;
            create unique index on "MV" (x);
            create table ev (id bigint not null, at int not null default 1, primary key (id, at)) partition by range (at);
            create table ev_1 partition of ev for values from (0) to (10);
            create index on ev (at);
            create table "Part" (id bigint not null, at int not null default 1, primary key (id, at));
            insert into "Part" select n, 100 + n from generate_series(1, {Rows}) n;
            create index on "Part" (at);
            """),
        statement,
        named: true);

    [Theory]
    [InlineData("create index on ev (id)")]
    [InlineData("create unique index \"Ev\" on ev using btree (id, at) include (pad)")]
    [InlineData("alter table ev add constraint c check (id > 0)")]
    [InlineData("alter table ev alter id set not null")]
    [InlineData("alter table ev add foreign key (id) references people (id)")]
    [InlineData("alter table flat add unique (id, at)")]
    [InlineData("alter table flat add constraint \"U\" unique (id, at) include (pad) deferrable")]
    public async Task Remedies_for_partitioned_tables(string statement) => await ProveAsync(
        await WorldAsync($"""
            create table people (id bigint primary key);
            insert into people select generate_series(1, {Rows});
            create schema parts;
            create table ev (id bigint, at int, pad text) partition by range (at);
            create table ev_1 partition of ev for values from (0) to ({Rows / 2});
            create table parts."Ev 2" partition of ev for values from ({Rows / 2}) to ({Rows + 1}) partition by range (id);
            create table parts.ev_2_1 partition of parts."Ev 2" for values from (0) to (1000000);
            insert into ev select n, n from generate_series(1, {Rows}) n;
            create table flat (id bigint, at int, pad text) partition by range (at);
            create table flat_1 partition of flat for values from (0) to ({Rows / 2});
            create table "Flat 2" partition of flat default;
            insert into flat select n, n from generate_series(1, {Rows}) n;
            """),
        statement,
        named: false);

    /// <summary>Where no statement does it, the remedy says what to do, and holds none.</summary>
    [Theory]
    [InlineData("drop index a cascade")]
    [InlineData("drop index ev_at_idx")]
    [InlineData("reindex system postgres")]
    [InlineData("refresh materialized view plain")]
    [InlineData("refresh materialized view mv with no data")]
    [InlineData("alter table t add exclude using gist (x with =)")]
    [InlineData("alter table ev detach partition ev_1")]
    [InlineData("alter table ev add primary key (id, at)")]
    [InlineData("create table ev_2 partition of ev for values from (10) to (20)")]
    [InlineData("truncate t")]
    [InlineData("drop table t")]
    [InlineData("lock table t")]
    [InlineData("cluster t using a")]
    [InlineData("alter table t alter x type varchar(40)")]
    public async Task Where_there_is_no_such_sql_the_remedy_is_in_words(string statement)
    {
        var world = await WorldAsync("""
            create table t (x varchar(20) check (x <> ''), y int);
            create index a on t (x);
            create materialized view plain as select x from t;
            create materialized view mv as select y from t;
            create unique index on mv (y);
            create table ev (id bigint, at int) partition by range (at);
            create table ev_1 partition of ev for values from (0) to (10);
            create table ev_rest partition of ev default;
            create index on ev (at);
            """);
        await using var connection = await PostgresServer.ConnectAsync(await server.NewDatabaseAsync(world));

        var hazard = (await ScanAsync(connection, statement))[0];

        Assert.All(hazard.Remedy!.Split('\n'), line => Assert.StartsWith("-- ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("for example", hazard.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(';', hazard.Remedy.Replace("; drop it when", "", StringComparison.Ordinal).Replace("; what is only", "", StringComparison.Ordinal).Replace("; against", "", StringComparison.Ordinal));
    }

    private async Task ProveAsync(string template, string statement, bool named)
    {
        var url = await server.NewDatabaseAsync(template);
        var other = await server.NewDatabaseAsync(template);
        await using (var connection = await PostgresServer.ConnectAsync(url))
        {
            var hazard = (await ScanAsync(connection, statement)).Where(hazard => hazard.Remedy is { } remedy && !remedy.StartsWith("-- for example", StringComparison.Ordinal)).Take(1).ToArray();
            Assert.True(hazard.Length == 1, $"no remedy of its own: {statement}");
            foreach (var migration in Migrations(hazard[0].Remedy!))
            {
                AssertSilent(statement, migration);
                await CarryOutAsync(connection, statement, migration);
            }
        }

        await using (var connection = await PostgresServer.ConnectAsync(other))
            await ExecuteAsync(connection, statement);
        // DETACH … CONCURRENTLY leaves a CHECK of the bounds behind, as the remedy says.
        var catalog = (await CatalogAsync(url, named)).Split('\n').Where(fact => !(statement.Contains(" detach ", StringComparison.Ordinal) && fact.StartsWith("constraint ev_1 c CHECK", StringComparison.Ordinal)));
        Assert.Equal((await CatalogAsync(other, named)).Split('\n'), catalog);
    }

    /// <summary>The migrations of a remedy: what is not a comment, then each part behind a line that says "later".</summary>
    private static List<string> Migrations(string remedy)
    {
        var migrations = new List<List<string>> { new() };
        foreach (var line in remedy.Split('\n'))
        {
            if (line.StartsWith("-- in a later migration", StringComparison.Ordinal))
                migrations.Add([]);
            else if (migrations.Count > 1 || !line.StartsWith("-- ", StringComparison.Ordinal))
                migrations[^1].Add(line.StartsWith("-- ", StringComparison.Ordinal) ? line[3..] : line);
        }

        return [.. migrations.Select(lines => string.Join('\n', lines))];
    }

    private static void AssertSilent(string statement, string migration)
    {
        var told = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal)).Scan(MigrationScript.Read(migration, "remedy.sql"));
        // A key of a partitioned table must name it, and lint alone cannot know that nothing is read.
        var loud = told.Where(hazard => hazard.Severity > Risk.Low && !migration.Contains("table only", StringComparison.Ordinal) && !IsLastOfPartitionedKey(statement, migration)).Select(hazard => hazard.Rule).Except(["long-identifier"]).ToArray();
        Assert.True(loud.Length == 0, $"lint of the remedy of {statement} says {string.Join(", ", loud)}: {migration}");
    }

    private static bool IsLastOfPartitionedKey(string statement, string migration) => migration.TrimEnd(';') == statement;

    private static async Task CarryOutAsync(NpgsqlConnection connection, string statement, string migration)
    {
        var script = MigrationScript.Read(migration, "remedy.sql");
        if (script.Transactional)
            await ExecuteAsync(connection, "begin");
        var read = await ReadAsync(connection);
        foreach (var node in script.Statements)
        {
            try
            {
                await ExecuteAsync(connection, node.Statement.Sql);
            }
            catch (PostgresException error)
            {
                Assert.Fail($"the server refuses the remedy of {statement}: {node.Statement.Sql}: {error.MessageText}");
            }

            if (!script.Transactional)
                continue;
            var now = await ReadAsync(connection);
            var heavy = now.Where(table => table.Value.Locked && table.Value.Rows - read.GetValueOrDefault(table.Key).Rows >= Rows / 3).Select(table => table.Key).ToArray();
            Assert.True(heavy.Length == 0, $"the remedy of {statement} reads {string.Join(", ", heavy)} while writers wait: {node.Statement.Sql}");
            read = now;
        }

        if (script.Transactional)
            await ExecuteAsync(connection, "commit");
    }

    /// <summary>Rows that this transaction has read of each table, and whether it keeps writers out of it.</summary>
    private static async Task<Dictionary<string, (long Rows, bool Locked)>> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            select t.relid::regclass::text, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0),
                   exists (select from pg_locks l where l.pid = pg_backend_pid() and l.relation = t.relid and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
            from pg_stat_xact_user_tables t join pg_class c on c.oid = t.relid
            where c.relkind in ('r', 'p') -- nobody writes to a materialized view
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var read = new Dictionary<string, (long, bool)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            read[reader.GetString(0)] = (reader.GetInt64(1), reader.GetBoolean(2));
        return read;
    }

    private static async Task<IReadOnlyList<Hazard>> ScanAsync(NpgsqlConnection connection, string statement)
    {
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);
        return new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts).Scan(MigrationScript.Read(statement, "m.sql"));
    }

    private async Task<string> WorldAsync(string setup)
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, setup);
        return await PostgresServer.ScalarAsync<string>(url, "select current_database()::text");
    }

    private static async Task<string> CatalogAsync(DatabaseUrl url, bool named)
    {
        var name = named ? "|| ' ' || conname" : "";
        var index = named ? "pg_get_indexdef(indexrelid)" : "regexp_replace(pg_get_indexdef(indexrelid), 'INDEX .*? ON ', 'INDEX ON ')";
        return await PostgresServer.ScalarAsync<string>(url, $"""
            select string_agg(fact, E'\n' order by fact) from (
              select 'column ' || c.oid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') as fact
              from pg_class c join pg_attribute a on attrelid = c.oid left join pg_attrdef d on adrelid = c.oid and adnum = attnum
              where relkind in ('r', 'p', 'm') and attnum > 0 and not attisdropped and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
              union all
              select 'constraint ' || conrelid::regclass || ' ' || contype::text || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated || ' ' || conislocal || ' ' || coninhcount || ' ' || (conparentid <> 0) {name}
              from pg_constraint where conrelid <> 0 and contype <> 't' and connamespace <> 'information_schema'::regnamespace
              union all
              select 'index ' || indrelid::regclass || ' ' || indisvalid || ' ' || indisprimary || ' ' || {index}
              from pg_index join pg_class i on i.oid = indexrelid where i.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)) facts
            """);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

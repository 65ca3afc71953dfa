using Eclusier.Evidence;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary>No rule by hearsay: the bad example runs on a real server, and the lock and the rewrite that the rule claims are what the server does.</summary>
public sealed class HazardProofTests(PostgresServer server)
{
    /// <summary>These cannot run in a transaction: they are made to wait, and the lock that they wait for is looked at.</summary>
    private static readonly string[] OutsideTransactions = ["vacuum-full"];

    public static TheoryData<string> Claims => [.. HazardRules.All.Where(rule => rule.Lock is not null && !OutsideTransactions.Contains(rule.Id)).Select(rule => rule.Id)];

    public static TheoryData<string> Safe => [.. HazardRules.All.Where(rule => rule.Lock is not null).Select(rule => rule.Id)];

    public static TheoryData<string> Examples => [.. HazardRules.All.Where(rule => rule.Id is not ("drop-database" or "drop-owned")).Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task The_lock_and_the_rewrite_are_as_claimed(string id)
    {
        var rule = HazardRules.All.Single(rule => rule.Id == id);
        await using var connection = await PostgresServer.ConnectAsync(await WorldAsync());
        Assert.SkipWhen(connection.PostgreSqlVersion.Major < rule.Introduced, $"The statement came with PostgreSQL {rule.Introduced}.");
        var before = await FileNodeAsync(connection, rule.On);
        var oid = await ScalarAsync<uint>(connection, $"select '{rule.On}'::regclass::oid");

        await ExecuteAsync(connection, "begin");
        await RunAsync(connection, rule.Bad);
        var modes = await ModesAsync(connection, oid);
        var rewritten = await ScalarAsync<bool>(connection, $"select coalesce((select relfilenode <> {before} from pg_class where oid = {oid}), false)");
        await ExecuteAsync(connection, "rollback");

        Assert.Equal(rule.Lock, modes.Max());
        if (rule.Id != "truncate") // Truncation starts a new file, empty: nothing is rewritten.
            Assert.Equal(rule.Work == TableWork.Rewrite, rewritten);
    }

    [Fact]
    public async Task Vacuum_full_waits_for_every_reader_and_rewrites()
    {
        var rule = HazardRules.All.Single(rule => rule.Id == "vacuum-full");
        var world = await WorldAsync();
        await using var reader = await PostgresServer.ConnectAsync(world);
        await using var worker = await PostgresServer.ConnectAsync(world);
        await using var watcher = await PostgresServer.ConnectAsync(world);
        var before = await FileNodeAsync(watcher, rule.On);
        await ExecuteAsync(reader, "begin");
        await ExecuteAsync(reader, "select * from orders limit 1");

        var vacuum = ExecuteAsync(worker, rule.Bad);
        while (!await ScalarAsync<bool>(watcher, "select exists (select from pg_locks where relation = 'orders'::regclass and not granted and mode = 'AccessExclusiveLock')"))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await ExecuteAsync(reader, "rollback");
        await vacuum;

        Assert.NotEqual(before, await FileNodeAsync(watcher, rule.On));
    }

    /// <summary>What is said to let others write takes no lock that would keep them from it.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_statement_that_is_said_to_let_writers_through_does(string id)
    {
        var rule = HazardRules.All.Single(rule => rule.Id == id);
        await using var connection = await PostgresServer.ConnectAsync(await WorldAsync());
        var relations = await ScalarAsync<string>(connection, "select string_agg(c.oid::text, ',') from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"); // Only a refresh writes to a materialized view.

        foreach (var node in MigrationScript.Read(rule.Bad, "m.sql").Statements.Concat(MigrationScript.Read(rule.Good, "m.sql").Statements).Where(node => !node.Statement.MayBlockWrites && node.Statement.Transactional))
        {
            await ExecuteAsync(connection, "begin");
            try
            {
                await ExecuteAsync(connection, node.Statement.Sql);
                var modes = await ScalarAsync<string>(connection, $"select coalesce(string_agg(distinct mode, ','), '') from pg_locks where pid = pg_backend_pid() and granted and relation in ({relations})");
                Assert.DoesNotContain(modes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(LockModes.OfServerName), mode => mode?.BlocksWrites() == true);
            }
            catch (PostgresException error) when (error.SqlState is not PostgresErrorCodes.LockNotAvailable)
            {
                // An example may need what another one makes.
            }
            await ExecuteAsync(connection, "rollback");
        }
    }

    /// <summary>Changes of type, each on a column of its own: what the rule calls safe leaves the file alone, and what it does not, does not.</summary>
    [Theory]
    [InlineData("varchar(50)", "varchar(50)")]
    [InlineData("varchar(50)", "varchar(100)")]
    [InlineData("varchar(50)", "varchar")]
    [InlineData("varchar(50)", "text")]
    [InlineData("varchar", "text")]
    [InlineData("text", "varchar")]
    [InlineData("numeric(8,2)", "numeric(10,2)")]
    [InlineData("numeric(8,2)", "numeric")]
    [InlineData("varbit(8)", "varbit(16)")]
    [InlineData("cidr", "inet")]
    [InlineData("varchar(50)", "varchar(20)")]
    [InlineData("text", "varchar(20)")]
    [InlineData("numeric(8,2)", "numeric(10,3)")]
    [InlineData("numeric(8,2)", "numeric(6,2)")]
    [InlineData("int", "bigint")]
    [InlineData("bigint", "text")]
    [InlineData("char(5)", "text")]
    [InlineData("timestamp", "timestamptz")]
    public async Task A_change_of_type_is_called_safe_where_the_server_leaves_the_rows_alone(string from, string to)
    {
        var url = await server.NewDatabaseAsync();
        await using var connection = await PostgresServer.ConnectAsync(url);
        await RunAsync(connection, $"create table changing (x {from}); insert into changing values (null); set timezone = 'Europe/Paris'");
        var change = $"alter table changing alter column x type {to}";
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);
        var hazards = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts).Scan(MigrationScript.Read(change, "m.sql"));
        var before = await FileNodeAsync(connection, "changing");

        await ExecuteAsync(connection, change);

        Assert.Equal(await FileNodeAsync(connection, "changing") != before, hazards.Any(hazard => hazard.Rule == "alter-column-type"));
    }

    /// <summary>What the rule calls a loss changes the value, and what it does not, keeps it.</summary>
    [Theory]
    [InlineData("numeric(8,2)", "numeric(8,1)", "1.25", true)]
    [InlineData("numeric(8,2)", "numeric(12,2)", "1.25", false)]
    [InlineData("numeric(8,2)", "numeric", "1.25", false)]
    [InlineData("numeric", "numeric(8,2)", "1.255", true)]
    [InlineData("numeric(8,2)", "integer", "1.25", true)]
    [InlineData("numeric(8,0)", "bigint", "125", false)]
    [InlineData("numeric", "double precision", "1.00000000000000000001", true)]
    [InlineData("double precision", "bigint", "1.5", true)]
    [InlineData("double precision", "real", "1.123456789", true)]
    [InlineData("double precision", "numeric(4,1)", "1.25", true)]
    [InlineData("real", "double precision", "1.5", false)]
    [InlineData("timestamptz", "date", "2027-01-01 10:00:00+00", true)]
    [InlineData("timestamp", "time", "2027-01-01 10:00:00", true)]
    [InlineData("timestamptz", "timestamptz(0)", "2027-01-01 10:00:00.25+00", true)]
    [InlineData("timestamp(3)", "timestamp(6)", "2027-01-01 10:00:00.25", false)]
    [InlineData("time(2)", "time(1)", "10:00:00.25", true)]
    [InlineData("integer", "bigint", "5", false)]
    [InlineData("varchar(9)", "text", "abc", false)]
    public async Task A_change_of_type_is_called_a_loss_where_the_server_changes_values(string from, string to, string value, bool lost)
    {
        await using var connection = await PostgresServer.ConnectAsync(await server.NewDatabaseAsync());
        await RunAsync(connection, $"create table changing (x {from}); insert into changing values ('{value}')");
        var change = $"alter table changing alter column x type {to}";
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);
        var hazards = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts).Scan(MigrationScript.Read(change, "m.sql"));
        var before = await ScalarAsync<string>(connection, "select x::text from changing");

        await ExecuteAsync(connection, change);

        Assert.Equal(lost, hazards.Any(hazard => hazard.Rule == "narrow-type"));
        Assert.Equal(lost, await ScalarAsync<string>(connection, "select x::text from changing") != before);
    }

    /// <summary>The server says itself whether it has to read the rows.</summary>
    [Theory]
    [InlineData("alter table part alter at set not null; alter table part add check (at >= '2027-01-01' and at < '2028-01-01')", false)]
    [InlineData("alter table part add check (at is not null); alter table part add check (at >= '2027-01-01' and at < '2028-01-01')", false)]
    [InlineData("alter table part add check (at >= '2027-01-01' and at < '2028-01-01')", true)]
    [InlineData("alter table part alter at set not null; alter table part add check (at >= '2027-01-01' or at < '2028-01-01')", true)]
    [InlineData("alter table part alter at set not null; alter table part add check (at >= '2026-01-01' and at < '2028-01-01')", true)]
    [InlineData("alter table part alter at set not null; alter table part add check (at >= '2027-01-01' and at < '2028-01-01') not valid", true)]
    [InlineData("alter table part alter at set not null", true)]
    public async Task Attaching_is_safe_where_checks_prove_the_bounds(string proof, bool reads)
    {
        await using var connection = await PostgresServer.ConnectAsync(await server.NewDatabaseAsync());
        await RunAsync(connection, $"create table whole (id int, at date) partition by range (at); create table part (id int, at date); {proof}");
        const string attach = "alter table whole attach partition part for values from ('2027-01-01') to ('2028-01-01')";
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);
        var hazards = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts).Scan(MigrationScript.Read(attach, "m.sql"));
        var notices = new List<string>();
        connection.Notice += (_, notice) => notices.Add(notice.Notice.MessageText);

        await ExecuteAsync(connection, "set client_min_messages = debug1");
        await ExecuteAsync(connection, attach);

        Assert.Equal(reads, hazards.Any(hazard => hazard.Rule == "attach-partition"));
        Assert.Equal(!reads, notices.Any(notice => notice.Contains("implied by existing constraints", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("create or replace function f(a int, b text[]) returns int language sql as 'select 1'", false)]
    [InlineData("create or replace function f(a integer, b text[], out c int) language sql as 'select 1'", false)]
    [InlineData("create or replace function f(a bigint, b text[]) returns int language sql as 'select 1'", true)]
    [InlineData("create or replace function f(a int) returns int language sql as 'select 1'", true)]
    [InlineData("create or replace function other(a int) returns int language sql as 'select 1'", false)]
    public async Task A_function_with_other_parameters_stands_beside_the_old_one(string change, bool beside)
    {
        await using var connection = await PostgresServer.ConnectAsync(await server.NewDatabaseAsync());
        await ExecuteAsync(connection, "create function f(a int, b text[]) returns int language sql as 'select 0'");
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);

        var hazards = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts).Scan(MigrationScript.Read(change, "m.sql"));
        await ExecuteAsync(connection, change);

        Assert.Equal(beside, hazards.Any(hazard => hazard.Rule == "function-signature"));
        Assert.Equal(beside ? 2 : 1, await ScalarAsync<long>(connection, "select count(*) from pg_proc where proname = 'f'"));
    }

    [Fact]
    public async Task Set_not_null_is_safe_where_a_valid_check_proves_it()
    {
        var url = await server.NewDatabaseAsync();
        await using var connection = await PostgresServer.ConnectAsync(url);
        await RunAsync(connection, "create table t (a int, b int, c int); alter table t add check (a is not null); alter table t add check (b is not null) not valid; alter table t add check (c > 0)");
        var facts = await CatalogFacts.ReadAsync(connection, TestContext.Current.CancellationToken);

        var hazards = new HazardScanner(new Dictionary<string, TableFacts>(StringComparer.Ordinal), facts)
            .Scan(MigrationScript.Read("alter table t alter a set not null;\nalter table t alter b set not null;\nalter table t alter c set not null;", "m.sql"));

        Assert.Equal([2, 3], hazards.Where(hazard => hazard.Rule == "set-not-null").Select(hazard => hazard.Line));
    }

    /// <summary>The safe way takes a weaker lock than the bad one, or holds it without reading or writing the rows.</summary>
    [Theory]
    [MemberData(nameof(Safe))]
    public async Task The_safe_way_runs(string id)
    {
        var rule = HazardRules.All.Single(rule => rule.Id == id);
        var world = await WorldAsync();
        await using var connection = await PostgresServer.ConnectAsync(world);
        var before = await ScalarAsync<string>(connection, "select string_agg(relfilenode::text, ',' order by oid) from pg_class where relname in ('orders', 'customers')");

        await RunAsync(connection, rule.Good);

        Assert.Equal(before, await ScalarAsync<string>(connection, "select string_agg(relfilenode::text, ',' order by oid) from pg_class where relname in ('orders', 'customers')"));
    }

    private async Task<DatabaseUrl> WorldAsync()
    {
        var url = await server.NewDatabaseAsync();
        await using var connection = await PostgresServer.ConnectAsync(url);
        foreach (var statement in ScriptSplitter.Split(ExampleSchema.Sql).Where(statement => !statement.Sql.StartsWith("create role", StringComparison.Ordinal)))
            await ExecuteAsync(connection, statement.Sql);
        await ExecuteAsync(connection, "insert into customers select n, 'customer ' || n, 'c' || n || '@example.com' from generate_series(1, 50) n");
        await ExecuteAsync(connection, "insert into orders select n, 1 + n % 50, n, 'note', 'open', now() from generate_series(1, 500) n");
        await ExecuteAsync(connection, "refresh materialized view order_totals");
        // A tablespace of the server's own folder: https://www.postgresql.org/docs/current/runtime-config-developer.html
        await ExecuteAsync(connection, "set allow_in_place_tablespaces = on");
        if (!await ScalarAsync<bool>(connection, "select exists (select from pg_tablespace where spcname = 'fast_disks')"))
        {
            try
            {
                await ExecuteAsync(connection, "create tablespace fast_disks location ''");
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                // Another test was faster.
            }
        }

        return url;
    }

    private static async Task<List<LockMode>> ModesAsync(NpgsqlConnection connection, uint oid)
    {
        await using var command = new NpgsqlCommand($"select mode from pg_locks where pid = pg_backend_pid() and relation = {oid} and granted", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var modes = new List<LockMode>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            modes.Add(Enum.GetValues<LockMode>().Single(mode => mode.ServerName() == reader.GetString(0)));
        return modes;
    }

    private static Task<uint> FileNodeAsync(NpgsqlConnection connection, string relation) =>
        ScalarAsync<uint>(connection, $"select relfilenode from pg_class where oid = '{relation}'::regclass");

    private static async Task RunAsync(NpgsqlConnection connection, string script)
    {
        foreach (var statement in ScriptSplitter.Split(script))
            await ExecuteAsync(connection, statement.Sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}

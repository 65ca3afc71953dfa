using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>Tracking tables that are not where their tool keeps them by itself.</summary>
public sealed class TrackingPlaceTests(PostgresServer server)
{
    [Theory]
    [InlineData("numbered", "001_a.sql", "app.ledger")]
    [InlineData("supabase", "20240101000000_a.sql", "app.ledger")]
    [InlineData("prisma", "20240101000000_a/migration.sql", "app.ledger")]
    [InlineData("flyway", "V1__a.sql", "app.\"Flyway History\"")]
    [InlineData("dbmate", "1_a.sql", "app.migrations")]
    [InlineData("drizzle", "20240101000000_a/migration.sql", "app.migrations")]
    public async Task The_runbook_names_schema_and_table(string layout, string file, string table)
    {
        var up = layout == "dbmate" ? "-- migrate:up\n" : "";
        using var project = await ProjectAsync(layout);
        project.With($"migrations/{file}", $"{up}create table a (id int);").Tracking = new TrackingPlace("app", table["app.".Length..].Trim('"'));
        await project.ExecuteAsync("create schema app");
        var before = await SnapshotAsync(project);

        await project.AppliesAsync(1);

        Assert.Equal(1, await project.ScalarAsync<long>($"select count(*) from {table}"));
        Assert.Equal(1, await project.ScalarAsync<long>("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relname <> 'a'"));
        // The table is no change of the schema: a plan is the same before and after it was made.
        await project.ExecuteAsync("drop table a");
        Assert.Equal(before.Fingerprint, (await SnapshotAsync(project)).Fingerprint);
    }

    [Fact]
    public async Task Prismas_url_and_dbmates_search_path_say_where_and_migrations_run_there()
    {
        using var prisma = (await ProjectAsync("prisma")).At("schema=my%20app").With("migrations/20240101000000_a/migration.sql", "create table a (id int);");
        using var dbmate = (await ProjectAsync("dbmate")).At("search_path=app,public").With("migrations/1_a.sql", "-- migrate:up\ncreate table a (id int);");

        await prisma.AppliesAsync(1);
        await dbmate.AppliesAsync(1);

        Assert.Equal(1, await prisma.ScalarAsync<long>("select count(*) from \"my app\"._prisma_migrations, (select to_regclass('\"my app\".a') as a) t where a is not null"));
        Assert.Equal(1, await dbmate.ScalarAsync<long>("select count(*) from app.schema_migrations, (select to_regclass('app.a') as a) t where a is not null"));
    }

    [Theory]
    [InlineData("drizzle", "20240101000000_a/migration.sql", "drizzle.config.ts",
        "export default defineConfig({\n  schema: './src/schema.ts',\n  migrations: { table: '__migrations', schema: \"app\" },\n});", "app.__migrations")]
    [InlineData("drizzle", "20240101000000_a/migration.sql", "drizzle.config.json", "{ \"migrations\": { \"schema\": \"public\" } }",
        "public.__drizzle_migrations")]
    [InlineData("flyway", "V1__a.sql", "flyway.conf", "flyway.url=x\nflyway.schemas=app,public\nflyway.table=history\n", "app.history")]
    [InlineData("flyway", "V1__a.sql", "flyway.toml", "[flyway]\ndefaultSchema = \"app\"\ntable = \"flyway_log\"\n", "app.flyway_log")]
    public async Task The_tools_own_settings_are_read(string layout, string file, string config, string text, string table)
    {
        using var project = (await ProjectAsync(layout)).With($"migrations/{file}", "create table public.a (id int);").With(config, text);

        await project.AppliesAsync(1);

        Assert.Equal(1, await project.ScalarAsync<long>($"select count(*) from {table}"));
    }

    [Theory]
    [InlineData("prisma", "20240101000000_init/migration.sql", "app._prisma_migrations",
        "create schema app; create table app._prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null); insert into app._prisma_migrations values ('1', 'x', now(), '20240101000000_init')")]
    [InlineData("drizzle", "20240101000000_init/migration.sql", "public.__drizzle_migrations",
        "create table __drizzle_migrations (id serial primary key, hash text not null, created_at bigint); insert into __drizzle_migrations (hash, created_at) values ('x', 1704067200000)")]
    [InlineData("numbered", "001_init.sql", "public.goose_db_version",
        "create table goose_db_version (id serial primary key, version_id bigint, is_applied boolean); insert into goose_db_version (version_id, is_applied) values (0, true), (1, true)")]
    [InlineData("numbered", "001_init.sql", "ops.gorp_migrations",
        "create schema ops; create table ops.gorp_migrations (id text primary key, applied_at timestamptz); insert into ops.gorp_migrations values ('001_init.sql', now())")]
    [InlineData("numbered", "000001_init.up.sql", "app.schema_migrations",
        "create schema app; create table app.schema_migrations (version bigint primary key, dirty boolean); insert into app.schema_migrations values (1, false)")]
    [InlineData("numbered", "1700000000000_init.sql", "public.pgmigrations",
        "create table pgmigrations (id serial primary key, name varchar(255), run_on timestamp); insert into pgmigrations (name) values ('1700000000000_init')")]
    [InlineData("supabase", "20240101000000_init.sql", "public.schema_migrations",
        "create table schema_migrations (version varchar primary key); insert into schema_migrations values ('20240101000000')")]
    [InlineData("prisma", "20240101000000_init/migration.sql", "hidden.ledger",
        "create schema hidden; create table hidden.ledger (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text); insert into hidden.ledger values ('1', 'x', now(), '20240101000000_init', repeat('x', 1000))")]
    [InlineData("dbmate", "20240101000000_init.sql", "app.db_versions",
        "create schema app; create table app.db_versions (version varchar(128) primary key); insert into app.db_versions values ('20240101000000')")]
    [InlineData("numbered", "001_init.sql", "public.done", "create table done (id serial primary key, name text); insert into done (name) values ('001_init.sql')")]
    public async Task Another_table_that_has_these_migrations_is_a_no_go_with_its_name(string layout, string file, string table, string sql)
    {
        using var project = (await ProjectAsync(layout)).With($"migrations/{file}", $"{(layout == "dbmate" ? "-- migrate:up\n" : "")}create table if not exists a (id int); insert into a values (1);");
        await project.ExecuteAsync(sql);

        var record = await project.MigrateAsync();

        Assert.Equal(RunOutcome.NoGo, record.Outcome);
        var problem = Assert.Single(record.Plan!.Problems);
        Assert.Equal("tracked-elsewhere", problem.Kind);
        Assert.Contains(table, problem.Message.En, StringComparison.Ordinal);
        Assert.True(await project.ScalarAsync<bool>("select to_regclass('a') is null"));
        // Where the runbook says it, it is said.
        project.Tracking = new TrackingPlace("elsewhere", null);
        Assert.Empty((await project.PlanAsync()).Problems);
    }

    [Theory]
    [InlineData("numbered", "001_a.sql", "version bigint primary key, dirty boolean")]
    [InlineData("dbmate", "1_a.sql", "version bigint primary key, dirty boolean")]
    [InlineData("dbmate", "1_a.sql", "version varchar primary key, name text, success boolean")]
    public async Task A_table_of_another_tool_under_the_very_name_is_refused(string layout, string file, string columns)
    {
        using var project = (await ProjectAsync(layout))
            .With($"migrations/{file}",
                "-- migrate:up\nselect 1;".Replace("-- migrate:up", layout == "dbmate" ? "-- migrate:up" : "", StringComparison.Ordinal));
        await project.ExecuteAsync($"create table schema_migrations ({columns}); insert into schema_migrations (version) values (1)");

        await Assert.ThrowsAsync<InvalidInputException>(project.PlanAsync);
    }

    [Fact]
    public async Task Tables_of_other_migrations_are_in_nobodys_way()
    {
        using var project = (await ProjectAsync("numbered")).With("migrations/001_init.sql", "create table a (id int);");
        await project.ExecuteAsync(
            """
            create schema auth; create table auth.schema_migrations (version varchar primary key); insert into auth.schema_migrations values ('20171026211738'), ('00');
            create schema storage; create table storage.migrations (id int primary key, name text, hash text); insert into storage.migrations values (1,
                'create-migrations-table', 'x');
            create table migration_jobs (id int, status text); insert into migration_jobs values (1, 'done');
            create table documents (id bigint primary key, version int, file_name text); insert into documents values (1, 1, 'init.sql');
            """);

        await project.AppliesAsync(1);
    }

    private static async Task<CatalogSnapshot> SnapshotAsync(LayoutProject project)
    {
        await using var database = await PostgresDatabase.OpenAsync(project.Url, "test", TestContext.Current.CancellationToken);
        return await database.SnapshotAsync(TestContext.Current.CancellationToken);
    }

    private async Task<LayoutProject> ProjectAsync(string layout) => new(await server.NewDatabaseAsync(), layout);
}

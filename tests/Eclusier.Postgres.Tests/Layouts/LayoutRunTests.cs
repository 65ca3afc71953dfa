namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>What each tool's table holds after a run, and what a run makes of what the tool left there.</summary>
public sealed class LayoutRunTests(PostgresServer server)
{
    [Theory]
    [InlineData("numbered", "001_a.sql", "002_b.sql", "schema_migrations")]
    [InlineData("supabase", "20240101000000_a.sql", "20240102000000_b.sql", "supabase_migrations.schema_migrations")]
    [InlineData("prisma", "20240101000000_a/migration.sql", "20240102000000_b/migration.sql", "_prisma_migrations")]
    [InlineData("flyway", "V1__a.sql", "V2__b.sql", "flyway_schema_history")]
    [InlineData("dbmate", "1_a.sql", "2_b.sql", "schema_migrations")]
    [InlineData("drizzle", "20240101000000_a/migration.sql", "20240102000000_b/migration.sql", "drizzle.__drizzle_migrations")]
    public async Task A_migration_without_a_statement_is_recorded_like_any_other(string layout, string first, string second, string table)
    {
        var up = layout == "dbmate" ? "-- migrate:up\n" : "";
        using var project = (await ProjectAsync(layout)).With($"migrations/{first}", $"{up}create table a (id int);")
            .With($"migrations/{second}", $"{up}-- Later.\n/* Or never */ ;\n");

        await project.AppliesAsync(2);

        Assert.Equal(2, await project.ScalarAsync<long>($"select count(*) from {table}"));
    }

    [Theory]
    [InlineData("prisma", "20240101000000_a/migration.sql")]
    [InlineData("drizzle", "20240101000000_a/migration.sql")]
    public async Task Other_line_ends_are_no_change_and_another_text_is(string layout, string file)
    {
        const string Text = "create table a (\n  id int\n);\n";
        foreach (var (applied, now) in new[] { (Text, Text.ReplaceLineEndings("\r\n")), (Text.ReplaceLineEndings("\r\n"), Text) })
        {
            using var project = (await ProjectAsync(layout)).With($"migrations/{file}", applied);
            await project.AppliesAsync(1);

            project.With($"migrations/{file}", now);
            Assert.Empty((await project.PlanAsync()).Problems);
            project.With($"migrations/{file}", $"{now}-- More.\n");
            Assert.Equal(["changed"], (await project.PlanAsync()).Problems.Select(problem => problem.Kind));
        }
    }

    [Fact]
    public async Task Drizzles_breakpoints_and_equal_numbers_run_as_drizzle_runs_them()
    {
        using var project = (await ProjectAsync("drizzle"))
            .With("migrations/meta/_journal.json",
                """{"entries":[{"idx":0,"when":1700000000000,"tag":"0000_a"},{"idx":1,"when":1700000001000,"tag":"0000_b"}]}""")
            .With("migrations/0000_a.sql",
                "create table a (id int)--> statement-breakpoint\ninsert into a values (1)--> statement-breakpoint\nalter table a add n int")
            .With("migrations/0000_b.sql", "alter table a alter n set default 1--> statement-breakpoint\ncreate table b (id int);");

        await project.AppliesAsync(2);

        Assert.Equal("1700000000000,1700000001000",
            await project.ScalarAsync<string>("select string_agg(created_at::text, ',' order by id) from drizzle.__drizzle_migrations"));
        Assert.Equal("1", await project.ScalarAsync<string>("select column_default from information_schema.columns where table_name = 'a' and column_name = 'n'"));
    }

    [Fact]
    public async Task Drizzles_folders_are_recorded_with_their_names_and_without_where_the_table_has_none()
    {
        const string First = "create table a (id int);";
        using var project = (await ProjectAsync("drizzle")).With("migrations/20260101000000_init/migration.sql", First)
            .With("migrations/20260201000000_more/migration.sql", "alter table a add b int;");
        using var former = (await ProjectAsync("drizzle")).With("migrations/20260101000000_init/migration.sql", First)
            .With("migrations/20260201000000_more/migration.sql", "alter table a add b int;");
        // As drizzle-orm 0.x made it.
        await former.ExecuteAsync("create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint); create table a (id int); insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 1767225600000)");

        await project.AppliesAsync(2);
        await former.AppliesAsync(1);

        Assert.Equal("20260101000000_init 1767225600000,20260201000000_more 1769904000000",
            await project.ScalarAsync<string>("select string_agg(name || ' ' || created_at, ',' order by id) from drizzle.__drizzle_migrations"));
        Assert.Equal("id,hash,created_at",
            await former.ScalarAsync<string>("select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'drizzle.__drizzle_migrations'::regclass and attnum > 0"));
    }

    [Fact]
    public async Task Files_of_one_version_leave_a_word_for_the_users_of_supabases_cli()
    {
        using var project = (await ProjectAsync("supabase")).With("migrations/20240101_a.sql", "select 1;").With("migrations/20240101_b.sql", "select 2;");

        Assert.Equal([("shared-version", false)], (await project.PlanAsync()).Problems.Select(problem => (problem.Kind, problem.Blocks)));
        await project.AppliesAsync(2);
        Assert.Empty((await project.PlanAsync()).Problems);
    }

    [Fact]
    public async Task Flyways_callbacks_and_baseline_migrations_are_told_where_they_would_have_done_something()
    {
        using var project = (await ProjectAsync("flyway")).With("migrations/beforeMigrate.sql", "drop table nothing;")
            .With("migrations/B2__all.sql", "create table a (id int);").With("migrations/V3__more.sql", "create table c (id int);");

        var alone = await project.PlanAsync();
        project.With("migrations/V1__a.sql", "create table a (id int);");
        var withVersions = await project.PlanAsync();
        await project.AppliesAsync(2);

        Assert.Equal([("callback", false), ("baseline-migration", true)], alone.Problems.Select(problem => (problem.Kind, problem.Blocks)));
        Assert.Equal(["callback"], withVersions.Problems.Select(problem => problem.Kind));
        Assert.Equal("1,3", await project.ScalarAsync<string>("select string_agg(version, ',' order by installed_rank) from flyway_schema_history"));
    }

    [Fact]
    public async Task A_pair_of_up_and_down_is_applied_and_recorded_once()
    {
        using var project = (await ProjectAsync("numbered")).With("migrations/000001_init.up.sql", "create table a (id int);")
            .With("migrations/000001_init.down.sql", "drop table a;");

        await project.AppliesAsync(1);

        Assert.True(await project.ScalarAsync<bool>("select to_regclass('a') is not null"));
        Assert.Equal("000001 init", await project.ScalarAsync<string>("select version || ' ' || name from schema_migrations"));
    }

    [Fact]
    public async Task A_file_of_goose_changes_nothing()
    {
        using var project = (await ProjectAsync("numbered"))
            .With("migrations/00001_users.sql", "-- +goose Up\ncreate table if not exists users (id int);\n-- +goose Down\ndrop table users;\n");
        await project.ExecuteAsync("create table users (id int); insert into users values (1)");

        var refused = await Assert.ThrowsAnyAsync<EclusierException>(project.MigrateAsync);

        Assert.IsType<InvalidInputException>(refused);
        Assert.Equal(1, await project.ScalarAsync<long>("select count(*) from users"));
        Assert.True(await project.ScalarAsync<bool>("select to_regclass('schema_migrations') is null"));
    }

    private async Task<LayoutProject> ProjectAsync(string layout) => new(await server.NewDatabaseAsync(), layout);
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Eclusier.Postgres.Layouts;

namespace Eclusier.EndToEnd;

/// <summary>Each layout is read and recorded as its own tool does, so that either can go on where the other stopped.</summary>
public sealed class LayoutTests(PostgresServer server)
{
    private const string First = "create table people (id int primary key);\n";
    private const string Second = "alter table people add column email text;\n--> statement-breakpoint\ncreate index people_email on people (email);\n";
    private const string Third = "create table pets (id int);\n";

    public static TheoryData<string, string, string> Layouts => new()
    {
        { "supabase", "select string_agg(concat_ws('|', version, name, array_length(statements, 1), statements[1]), ' + ' order by version) from supabase_migrations.schema_migrations",
            "20240101000000|people|1|create table people (id int primary key) + 20240102000000|email|2|alter table people add column email text + 20240103000000|pets|2|create table pets (id int)" },
        { "drizzle", "select string_agg(concat_ws('|', id, hash, created_at), ' + ' order by id) from drizzle.__drizzle_migrations",
            $"1|{Hash(First)}|1704067200000 + 2|{Hash(Second)}|1704153600000 + 3|{Hash(Third)}|1704240000000" },
        { "prisma", "select string_agg(concat_ws('|', migration_name, checksum, finished_at is not null, applied_steps_count, length(id)), ' + ' order by started_at) from _prisma_migrations",
            $"20240101000000_people|{Hash(First)}|t|1|36 + 20240102000000_email|{Hash(Second)}|t|1|36 + 20240103000000_pets|{Hash(Third)}|t|1|36" },
        { "flyway", "select string_agg(concat_ws('|', installed_rank, version, description, type, script, checksum, installed_by, success), ' + ' order by installed_rank) from flyway_schema_history",
            $"1|1|people|SQL|V1__people.sql|{FlywayLayout.ChecksumOf(First)}|postgres|t + 2|1.2|email|SQL|V1.2__email.sql|{FlywayLayout.ChecksumOf(Second)}|postgres|t + 3|1.10|pets and more|SQL|V1_10__pets_and_more.sql|{FlywayLayout.ChecksumOf(Third)}|postgres|t" },
        { "dbmate", "select string_agg(version, ' + ' order by version) from schema_migrations", "20240101000000 + 20240102000000 + 20240103000000" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task The_tracking_table_is_as_its_own_tool_would_have_written_it(string layout, string query, string expected)
    {
        await using var project = await ProjectAsync(layout);

        var done = await project.RunAsync("migrate", "--yes");
        var again = await project.RunAsync("status", "--check");
        var nothing = await project.RunAsync("migrate", "--yes");

        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal(expected, await project.ScalarAsync(query));
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("Nothing to do", nothing.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task What_is_undone_can_be_done_again(string layout, string query, string expected)
    {
        await using var project = await ProjectAsync(layout);
        await project.RunAsync("migrate", "--yes");

        var undone = await project.RunAsync("rollback", "--yes", "--to", "0");

        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.Null(await project.ScalarAsync("select to_regclass('people')::text"));
        Assert.Equal(0, (await project.RunAsync("migrate", "--yes")).ExitCode);
        if (layout != "drizzle") // Its serial goes on.
            Assert.Equal(expected, await project.ScalarAsync(query));
    }

    [Theory]
    [InlineData("drizzle", "0001_email.sql")]
    [InlineData("prisma", "20240102000000_email/migration.sql")]
    [InlineData("flyway", "V1.2__email.sql")]
    public async Task A_file_that_was_changed_after_it_ran_is_seen_by_its_tools_own_checksum(string layout, string file)
    {
        await using var project = await ProjectAsync(layout);
        await project.RunAsync("migrate", "--yes");
        await File.AppendAllTextAsync(Path.Combine(project.Folder, "migrations", file), "-- later\n", TestContext.Current.CancellationToken);

        var status = await project.RunAsync("status", "--check");

        Assert.True(status.ExitCode == 6, status.ToString());
        Assert.Contains("was changed after it was applied", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flyways_repeatable_migrations_run_again_when_they_change_and_undo_files_undo()
    {
        await using var project = (await ProjectAsync("flyway"))
            .Migration("R__views.sql", "create or replace view names as select id from people;")
            .Migration("U1.10__pets_and_more.sql", "drop table pets; -- by the undo file");
        await project.RunAsync("migrate", "--yes");
        var nothing = await project.RunAsync("migrate", "--yes");
        project.Migration("R__views.sql", "create or replace view names as select id, email from people;");

        var again = await project.RunAsync("migrate", "--yes");

        Assert.Contains("Nothing to do", nothing.Output, StringComparison.Ordinal);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal("2", await project.ScalarAsync("select count(*) from pg_attribute where attrelid = 'names'::regclass and attnum > 0"));
        Assert.Equal("views|views", await project.ScalarAsync("select string_agg(description, '|') from flyway_schema_history where version is null and script = 'R__views.sql'"));
        var undone = await project.RunAsync("rollback", "--to", "1.2", "--yes", "--format", "json");
        Assert.Contains("U1.10__pets_and_more.sql", undone.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flyways_baseline_covers_the_versions_up_to_its_own()
    {
        await using var project = await ProjectAsync("flyway");
        await PostgresServer.ExecuteAsync(project.Url, $"""
            {First} alter table people add column email text; create index people_email on people (email);
            create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum int, installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time int not null, success boolean not null);
            insert into flyway_schema_history values (1, '1.2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'x', now(), 0, true);
            """);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("1 migration applied", result.Output, StringComparison.Ordinal);
        Assert.Equal("1.2,1.10", await project.ScalarAsync("select string_agg(version, ',' order by installed_rank) from flyway_schema_history"));
    }

    [Theory]
    [InlineData("dbmate", "schema_migrations", "20240104000000_fails.sql", "-- migrate:up\nselect 1 / 0;\n", 0)]
    [InlineData("prisma", "_prisma_migrations", "20240104000000_fails/migration.sql", "select 1 / 0;\n", 1)]
    [InlineData("flyway", "flyway_schema_history", "V2__fails.sql", "select 1 / 0;\n", 0)]
    public async Task A_failure_is_recorded_where_the_tool_has_a_place_for_it(string layout, string table, string file, string sql, int rows)
    {
        await using var project = await ProjectAsync(layout);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project.Folder, "migrations", file))!);
        project.Migration(file, sql);

        var failed = await project.RunAsync("migrate", "--yes");
        var recorded = await project.ScalarAsync($"select (count(*) - 3)::text from {table}");
        project.Migration(file, sql.Replace("1 / 0", "1", StringComparison.Ordinal));
        var mended = await project.RunAsync("migrate", "--yes");

        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Equal(rows.ToString(), recorded);
        Assert.True(mended.ExitCode == 0, mended.ToString());
        Assert.Equal(0, (await project.RunAsync("status", "--check")).ExitCode);
    }

    [Fact]
    public async Task Dbmates_options_mean_what_they_mean_there()
    {
        await using var project = (await ProjectAsync("dbmate")).Migration("20240104000000_index.sql", "-- migrate:up transaction:false\ncreate index concurrently pets_id on pets (id);\ninsert into pets values (1);\n-- migrate:down transaction:false\ndrop index concurrently pets_id;\n");

        var done = await project.RunAsync("migrate", "--yes");
        var undone = await project.RunAsync("rollback", "--to", "20240103000000", "--yes");

        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.Null(await project.ScalarAsync("select to_regclass('pets_id')::text"));
        Assert.Equal("20240103000000", await project.ScalarAsync("select max(version) from schema_migrations"));
    }

    [Theory]
    [InlineData("supabase", "people.sql", "select 1;", "does not fit the layout")]
    [InlineData("flyway", "V9_people.sql", "select 1;", "does not fit the layout")]
    [InlineData("flyway", "V9__people.sql", "select '${name}';", "placeholder of Flyway's: ${name}")]
    [InlineData("flyway", "V1_2__again.sql", "select 1;", "Two files have version 1.2")]
    [InlineData("dbmate", "20240109000000_x.sql", "select 1;", "no -- migrate:up")]
    [InlineData("drizzle", "meta/_journal.json", "{}", "Drizzle's journal cannot be read")]
    public async Task Files_that_do_not_fit_are_refused(string layout, string file, string text, string reason)
    {
        await using var project = (await ProjectAsync(layout)).Migration(file, text);

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_of_one_day_are_told_apart_by_their_names()
    {
        await using var project = (await ProjectAsync("supabase")).Migration("20240103000000_more.sql", "create table more (id int);");

        var result = await project.RunAsync("migrate", "--yes");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("20240103000000_more,20240103000000_pets", await project.ScalarAsync("select string_agg(version, ',' order by version) from supabase_migrations.schema_migrations where version like '20240103%'"));
    }

    [Theory]
    [InlineData("supabase", "supabase/migrations")]
    [InlineData("drizzle", "apps/backend/drizzle")]
    [InlineData("prisma", "prisma/migrations")]
    [InlineData("flyway", "src/main/resources/db/migration")]
    [InlineData("dbmate", "db/migrations")]
    [InlineData("numbered", "migrations")]
    public async Task Init_recognises_the_layout_and_writes_a_runbook_that_works(string layout, string path)
    {
        await using var project = layout == "numbered" ? (await Project.CreateAsync(server)).WithPeople() : await ProjectAsync(layout);
        File.Delete(Path.Combine(project.Folder, "eclusier.yaml"));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project.Folder, path))!);
        if (path != "migrations")
            Directory.Move(Path.Combine(project.Folder, "migrations"), Path.Combine(project.Folder, path));
        Directory.CreateDirectory(Path.Combine(project.Folder, "node_modules", "other", "migrations"));
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "node_modules", "other", "migrations", "001_x.sql"), "select 1;", TestContext.Current.CancellationToken);

        var init = await project.RunAsync("init");
        var twice = await project.RunAsync("init");
        await File.WriteAllTextAsync(Path.Combine(project.Folder, ".env"), $"DATABASE_URL={project.Url.Reveal()}\n", TestContext.Current.CancellationToken);
        var plan = await project.RunAsync("plan");

        Assert.True(init.ExitCode == 0, init.ToString());
        Assert.Contains($"3 migrations in {path} ({layout})", init.Output, StringComparison.Ordinal);
        Assert.Equal(2, twice.ExitCode);
        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.Contains("3 pending", plan.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://ann@localhost/app", false)]
    [InlineData("postgresql:///app?host=/var/run/postgresql", false)]
    [InlineData("postgresql://ann@127.0.0.2:5433/app", false)]
    [InlineData("postgresql://ann@localhost,db.example.com/app", true)]
    [InlineData("postgresql://ann@db.example.com/app", true)]
    [InlineData("mongodb://localhost/app", true)]
    [InlineData("", true)]
    public async Task A_first_runbook_protects_what_is_not_on_this_machine(string url, bool isProtected)
    {
        await using var project = (await Project.CreateAsync(server)).WithPeople();
        File.Delete(Path.Combine(project.Folder, "eclusier.yaml"));

        var init = await Cli.RunAsync(["init"], project.Folder, new Dictionary<string, string?> { ["DATABASE_URL"] = url });

        Assert.True(init.ExitCode == 0, init.ToString());
        Assert.Contains($"protected: {(isProtected ? "true" : "false")}", await File.ReadAllTextAsync(Path.Combine(project.Folder, "eclusier.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dbmate")]
    [InlineData("drizzle")]
    [InlineData("supabase")]
    public async Task The_real_tool_finds_nothing_to_do_after_us_and_we_after_it(string layout)
    {
        var tools = await NodeToolsAsync();
        Assert.SkipWhen(tools is null, "npm cannot install the tools here");
        await using var ours = await ProjectAsync(layout);
        await using var theirs = await ProjectAsync(layout);

        Assert.Equal(0, (await ours.RunAsync("migrate", "--yes")).ExitCode);
        var before = await ours.ScalarAsync(Rows(layout));
        await ToolAsync(tools!, layout, ours);
        await ToolAsync(tools!, layout, theirs);
        var status = await theirs.RunAsync("status", "--check");
        var nothing = await theirs.RunAsync("migrate", "--yes");

        Assert.Equal(before, await ours.ScalarAsync(Rows(layout)));
        Assert.True(status.ExitCode == 0, status.ToString());
        Assert.Contains("Nothing to do", nothing.Output, StringComparison.Ordinal);
        Assert.Equal(before, await theirs.ScalarAsync(Rows(layout)));
        // And the tables themselves are the same.
        Assert.Equal(await ours.ScalarAsync(Columns(layout)), await theirs.ScalarAsync(Columns(layout)));
    }

    private static string Rows(string layout) => layout switch
    {
        "dbmate" => "select string_agg(version, ',' order by version) from schema_migrations",
        "drizzle" => "select string_agg(hash || created_at, ',' order by id) from drizzle.__drizzle_migrations",
        _ => "select string_agg(concat_ws(' ', version, name, statements), ',' order by version) from supabase_migrations.schema_migrations",
    };

    private static string Columns(string layout)
    {
        var table = layout switch { "dbmate" => "schema_migrations", "drizzle" => "drizzle.__drizzle_migrations", _ => "supabase_migrations.schema_migrations" };
        return $"select string_agg(concat_ws(' ', a.attname, a.atttypid::regtype, a.attnotnull), ',' order by a.attnum) from pg_attribute a where a.attrelid = '{table}'::regclass and a.attnum > 0";
    }

    private async Task<Project> ProjectAsync(string layout)
    {
        var project = (await Project.CreateAsync(server)).Runbook();
        var runbook = Path.Combine(project.Folder, "eclusier.yaml");
        await File.WriteAllTextAsync(runbook, (await File.ReadAllTextAsync(runbook, TestContext.Current.CancellationToken)).Replace("layout: numbered", $"layout: {layout}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        foreach (var folder in new[] { "meta", "20240101000000_people", "20240102000000_email", "20240103000000_pets" })
        {
            if (folder == "meta" ? layout == "drizzle" : layout == "prisma")
                Directory.CreateDirectory(Path.Combine(project.Folder, "migrations", folder));
        }

        return layout switch
        {
            "supabase" => project.Migration("20240101000000_people.sql", First).Migration("20240102000000_email.sql", Second).Migration("20240103000000_pets.sql", $"{Third}-- That is all.\n"),
            "drizzle" => project.Migration("0000_people.sql", First).Migration("0001_email.sql", Second).Migration("0002_pets.sql", Third)
                .Migration("meta/_journal.json", """
                    {"version":"7","dialect":"postgresql","entries":[
                      {"idx":0,"version":"7","when":1704067200000,"tag":"0000_people","breakpoints":true},
                      {"idx":1,"version":"7","when":1704153600000,"tag":"0001_email","breakpoints":true},
                      {"idx":2,"version":"7","when":1704240000000,"tag":"0002_pets","breakpoints":true}]}
                    """),
            "prisma" => project.Migration("20240101000000_people/migration.sql", First).Migration("20240102000000_email/migration.sql", Second).Migration("20240103000000_pets/migration.sql", Third).Migration("migration_lock.toml", "provider = \"postgresql\""),
            "flyway" => project.Migration("V1__people.sql", First).Migration("V1.2__email.sql", Second).Migration("V1_10__pets_and_more.sql", Third),
            _ => project.Migration("20240101000000_people.sql", $"-- migrate:up\n{First}\n-- migrate:down\ndrop table people;\n")
                .Migration("20240102000000_email.sql", $"-- migrate:up\n{Second}\n-- migrate:down\nalter table people drop column email;\n").Migration("20240103000000_pets.sql", $"-- migrate:up\n{Third}-- migrate:down\ndrop table pets;\n"),
        };
    }

    /// <summary>The folder where npm put dbmate, drizzle-orm and Supabase's CLI; null where it cannot.</summary>
    private static async Task<string?> NodeToolsAsync()
    {
        var bench = new DirectoryInfo(AppContext.BaseDirectory);
        while (bench is not null && !File.Exists(Path.Combine(bench.FullName, "bench", "apply", "package.json")))
            bench = bench.Parent;
        if (bench is null)
            return null;
        var folder = Path.Combine(bench.FullName, "bench", "apply");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "supabase")) && await ShellAsync("npm install --silent --no-audit --no-fund", folder, []) != 0)
            return null;
        return folder;
    }

    private static async Task ToolAsync(string tools, string layout, Project project)
    {
        var url = new UriBuilder(project.Url.Reveal()) { Query = "sslmode=disable" }.Uri.ToString();
        var migrations = Path.Combine(project.Folder, "migrations");
        Assert.Equal(0, await ShellAsync(
            layout switch
            {
                "dbmate" => "\"$(ls node_modules/@dbmate/*/bin/dbmate)\" --url \"$0\" --migrations-dir \"$1\" --no-dump-schema migrate",
                "drizzle" => "node drizzle.mjs \"$0\" \"$1\"",
                _ => "mkdir -p \"$1/../supabase\" && ln -sfn ../migrations \"$1/../supabase/migrations\" && node_modules/.bin/supabase db push --yes --workdir \"$1/..\" --remote \"$0\"",
            },
            tools,
            [url, migrations]));
    }

    private static async Task<int> ShellAsync(string command, string folder, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command, .. arguments]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

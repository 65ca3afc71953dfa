using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Plans;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>Files as each tool reads them: names, order, parts.</summary>
[Trait("Needs", "no server")]
public sealed class LayoutFilesTests
{
    [Theory]
    [InlineData("numbered", "2_b.sql,010_c.sql,20250103_d.sql,20250102000000_e.sql", "2,010,20250103,20250102000000")]
    [InlineData("numbered", "0001-a.sql,2.b.sql,0003 c.sql,4.sql,2024-01-31-e.sql,2024-02-01_f.sql,1.10_g.sql", "0001,1.10,2,0003,4,2024-01-31,2024-02-01")]
    [InlineData("supabase", "20250101000000_a.sql,20250102000000_b.sql,20250103_c.sql", "20250101000000,20250102000000,20250103")]
    [InlineData("dbmate", "10_a.sql,20250102000000_b.sql,20250103-c.sql,9.sql", "10,20250102000000,20250103,9")]
    [InlineData("prisma", "10_a/migration.sql,20250101120000_b/migration.sql,20250102_c/migration.sql,init/migration.sql",
        "10_a,20250101120000_b,20250102_c,init")]
    [InlineData("flyway",
        "V2__b.sql,V10__c.sql,V1_1__a.sql,sub/V1.2__a.sql,R__z.sql,R__b.sql,U2__b.sql,B2__all.sql,beforeMigrate.sql,afterEachMigrate__log.sql",
            "1.1,1.2,2,10,R__b,R__z")]
    [InlineData("drizzle", "20260101000000_a/migration.sql,20260101000000_a/snapshot.json,20260201000000_b/migration.sql", "20260101000000_a,20260201000000_b")]
    public void They_come_in_the_order_of_their_tool_and_stay_in_it(string layout, string names, string versions)
    {
        using var folder = Folder(names.Split(',').Reverse(), layout == "dbmate" ? "-- migrate:up\nselect 1;" : "select 1;");

        var plan = Plan(layout, folder.Path);

        Assert.Equal(versions.Split(','), plan.Steps.Select(step => step.Migration));
        for (var applied = 1; applied < plan.Steps.Count; applied++)
            Assert.DoesNotContain(Plan(layout, folder.Path, versions.Split(',')[..applied]).Problems, problem => problem.Kind == "out-of-order");
    }

    [Theory]
    [InlineData("numbered", "10_a.sql,2_b.sql", "10")]
    [InlineData("supabase", "20250103_a.sql,20250102000000_b.sql", "20250103")]
    [InlineData("flyway", "V2__a.sql,V1.5__b.sql,R__c.sql", "2,R__c")]
    public void What_is_older_is_told(string layout, string names, string applied)
    {
        using var folder = Folder(names.Split(','), "select 1;");

        Assert.Equal(["out-of-order"], Plan(layout, folder.Path, applied.Split(',')).Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void Flyways_new_version_is_not_older_than_what_is_repeatable_nor_the_other_way_round()
    {
        using var folder = Folder(["V1__a.sql", "V2__b.sql", "R__c.sql", "R__d.sql"], "select 1;");

        Assert.Empty(Plan("flyway", folder.Path, "1", "R__d").Problems);
    }

    [Theory]
    [InlineData("000001_init.up.sql", "000001_init.down.sql", "000001", "init")]
    [InlineData("1_init_up.sql", "1_init_down.sql", "1", "init_up")]
    [InlineData("1-init.sql", "1-init.undo.sql", "1", "init")]
    [InlineData("001.do.init.sql", "001.undo.init.sql", "001", "init")]
    [InlineData("001.up.sql", "001.down.sql", "001", "")]
    [InlineData("20240101_init.sql", "20240101_init.rollback.sql", "20240101", "init")]
    [InlineData("20240101_init.sql", "20240101_init_revert.sql", "20240101", "init")]
    public void A_pair_is_a_migration_and_its_way_back(string up, string down, string version, string name)
    {
        using var folder = Folder([up, down, "9_scale_down.sql"], "select 1;");

        var files = new NumberedLayout().Read(folder.Path, folder.Path);

        Assert.Contains((version, name, up, down), files.Select(file => (file.Version, file.Name, file.FileName, Path.GetFileName(file.RollbackFile) ?? "")));
        Assert.Contains(("9", "scale_down", null), files.Select(file => (file.Version, file.Name, file.RollbackFile)));
        Assert.Equal(2, files.Count);
        Assert.Equal(("numbered", 2), Assert.Single(LayoutDetection.Find(folder.Path)) is var found ? (found.Layout, found.Count) : default);
    }

    [Theory]
    [InlineData("001_a.down.sql,002_b.sql", "undoes a migration that is not there")]
    [InlineData("001_a.sql,001_a.down.sql,001_a_rollback.sql", "Two files undo one migration")]
    [InlineData("001_a.up.sql,001_b.up.sql", "Two files have version 001")]
    public void A_way_back_that_leads_nowhere_is_an_error(string names, string problem)
    {
        using var folder = Folder(names.Split(','), "select 1;");

        Assert.Contains(problem, Assert.ThrowsAny<EclusierException>(() => new NumberedLayout().Read(folder.Path, folder.Path)).Problem.En,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_undoes_a_migration_is_none_of_supabases()
    {
        using var folder = Folder(["20240101000000_a.up.sql", "20240101000000_a.down.sql"], "select 1;");

        Assert.Contains("20240101000000_a.down.sql", Assert.ThrowsAny<EclusierException>(() => new SupabaseLayout().Read(folder.Path, folder.Path)).Problem.En,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Drizzle_splits_at_its_breakpoints_and_tells_two_of_one_number_apart()
    {
        using var folder = Folder([], "");
        Write(folder, "meta/_journal.json",
            """{"entries":[{"idx":0,"when":1700000000000,"tag":"0000_one"},{"idx":1,"when":1700000001000,"tag":"0000_two"},{"idx":2,"when":1700000002000,"tag":"0001_three"}]}""");
        Write(folder, "0000_one.sql",
            "create table a (id int)--> statement-breakpoint\ncreate table b (id int);--> statement-breakpoint\n\nselect '--> statement', 1\n");
        Write(folder, "0000_two.sql", "/* create table c (id int);--> statement-breakpoint */");
        Write(folder, "0001_three.sql", "");

        var files = new DrizzleLayout().Read(folder.Path, folder.Path);

        Assert.Equal(["0000_one", "0000_two", "0001"], files.Select(file => file.Version));
        Assert.Equal(
            [("create table a (id int)", 1, 1), ("create table b (id int)", 2, 1), ("select '--> statement', 1", 4, 1)],
            ScriptSplitter.Split(files[0].Script).Select(statement => (statement.Sql, statement.Line, statement.Column)));
        Assert.All(files.Skip(1), file => Assert.Empty(ScriptSplitter.Split(file.Script)));
    }

    [Fact]
    public void A_folder_of_another_layout_is_refused_with_its_name()
    {
        using var drizzle = Folder(["20260101000000_a/migration.sql", "20260101000000_a/snapshot.json"], "select 1;");
        using var prisma = Folder(["20260101000000_a/migration.sql", "migration_lock.toml"], "select 1;");

        Assert.Equal(("drizzle", 1), (LayoutDetection.Find(drizzle.Path)[0].Layout, LayoutDetection.Find(drizzle.Path)[0].Count));
        Assert.Equal("prisma", LayoutDetection.Find(prisma.Path)[0].Layout);
        Assert.Contains("layout: drizzle", Assert.ThrowsAny<EclusierException>(() => new PrismaLayout().Read(drizzle.Path, drizzle.Path)).Remedy!.En,
            StringComparison.Ordinal);
        Assert.Contains("layout: prisma", Assert.ThrowsAny<EclusierException>(() => new DrizzleLayout().Read(prisma.Path, prisma.Path)).Remedy!.En,
            StringComparison.Ordinal);
        Assert.Contains("Drizzle 1.0",
            Assert.ThrowsAny<EclusierException>(() => new DrizzleLayout().Read(Path.Combine(prisma.Path, "20260101000000_a"), prisma.Path)).Remedy!.En,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_of_a_folder_is_called_by_the_folders_name()
    {
        using var folder = Folder(["20260101000000_a/migration.sql"], "select 1;");
        Write(folder, "20260101000000_a/down.sql", "select 2;");

        var step = Assert.Single(Plan("prisma", folder.Path).Steps);

        Assert.Equal(("20260101000000_a", "20260101000000_a/down.sql"), (step.FileName, step.RollbackFile));
    }

    private static TemporaryFolder Folder(IEnumerable<string> names, string text)
    {
        var folder = new TemporaryFolder();
        foreach (var name in names)
            Write(folder, name, text);
        return folder;
    }

    private static void Write(TemporaryFolder folder, string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static Plan Plan(string layout, string folder, params string[] applied)
    {
        var production = new TargetEnvironment("production", new DatabaseUrl("postgresql://db/app"));
        var settings = new MigrationSettings { Path = folder, BaseFolder = folder, Layout = layout, Target = "production" };
        var runbook = new Runbook
        {
            Directory = folder,
            Name = "Test",
            Environments = new Dictionary<string,
            TargetEnvironment>(StringComparer.Ordinal)
            { ["production"] = production },
            Migrations = settings
        };
        TrackedMigration[] rows = [.. applied.Select(version => new TrackedMigration(version, "", null, null, null, Success: true, null))];
        return PlanBuilder.Build(runbook, production, "db/app", "", MigrationLayouts.Find(layout).Read(folder, folder), rows, new Dictionary<string,
            TableFacts>(StringComparer.Ordinal));
    }
}

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>A history that uses an extension which only the target has is replayed all the same: its names and types stand in for it.</summary>
[Collection(nameof(FakeExtension))]
public sealed class ExtensionStandInTests(PostgresServer server)
{
    [Fact]
    public async Task A_history_with_an_extension_that_the_machine_lacks_is_judged_as_ever()
    {
        using var project = await BaselineProject.CreateAsync(server);
        var extension = await FakeExtension.CreateInAsync(project.Url);
        project
            .File("001_users.sql", "create table users (id bigint primary key, name text);")
            .File("002_chunks.sql", $"create extension if not exists {extension.Name} with schema extensions; create table chunks (id bigint primary key, e extensions.embedding, d int generated always as (extensions.dims('(1,2)'::extensions.embedding)) stored);")
            .File("003_moved.sql", "create schema iam; alter table users set schema iam; alter table chunks set schema iam;")
            .File("004_search.sql", "create index chunks_down on iam.chunks using btree (d extensions.downward); create view iam.near as select a.id from iam.chunks a, iam.chunks b where a.e operator(extensions.<->) b.e < 1; grant select on fake_jobs.job to public;")
            .File("005_more.sql", "create table more (e extensions.embedding);");
        await project.ByHandAsync("001", "002", "003", "004");

        Assert.Equal("001 present, 002 present, 003 present, 004 present, 005 absent", BaselineProject.Verdicts(await project.BaselineAsync()));

        // What was changed by hand is still found.
        await project.ExecuteAsync("drop view iam.near");
        Assert.Equal("001 present, 002 present, 003 present, 004 partial, 005 absent", BaselineProject.Verdicts(await project.BaselineAsync()));
    }

    /// <summary>As pg_cron, which a server must have loaded when it starts.</summary>
    [Fact]
    public async Task One_that_the_throwaway_server_refuses_is_stood_in_for_too()
    {
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_a.sql", "create table a (id int, e extensions.embedding);")
            .File("002_b.sql", "create table b (id int);");
        var extension = await FakeExtension.CreateInAsync(project.Url);
        await project.ByHandAsync("001");

        var verdicts = "";
        await extension.WhileThereAsync(
            project.Url,
            async () => verdicts = BaselineProject.Verdicts(await project.BaselineAsync()),
            "do $$ begin raise exception 'it must be loaded when the server starts'; end $$;");

        Assert.Equal("001 present, 002 absent", verdicts);
    }

    [Fact]
    public async Task One_that_nobody_has_keeps_no_other_statement_from_being_judged()
    {
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_a.sql", "create extension no_such_extension; create table a (id int);")
            .File("002_b.sql", "create table b (id int);");
        await project.ByHandAsync("002");

        Assert.Equal("001 absent, 002 present", BaselineProject.Verdicts(await project.BaselineAsync()));
    }
}

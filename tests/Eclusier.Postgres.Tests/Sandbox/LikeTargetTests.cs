using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Postgres.Tests.Baselines;

namespace Eclusier.Postgres.Tests.Sandbox;

/// <summary>A copy begins its sessions, keeps its text and knows its roles as the target does; what this machine cannot do is told.</summary>
[Collection(BaselineProject.OneAfterTheOther)]
public sealed class LikeTargetTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rehearsal_begins_with_the_settings_of_database_role_and_url()
    {
        using var project = (await BaselineProject.CreateAsync(server)).File("001_m.sql", "create table m (id int); alter table t add column x int;");
        var (database, role) = (await project.ScalarAsync<string>("select current_database()::text"), $"owner_{Guid.NewGuid():N}"[..20]);
        await project.ExecuteAsync("create schema backend; create table backend.t (id int)");

        await project.ExecuteAsync($"alter database {database} set search_path = public, backend");
        Assert.True((await project.RehearseAsync()).Rehearsal!.Passed);

        await project.ExecuteAsync($"alter database {database} reset search_path; create role {role} superuser login password 'p'; alter role {role} in database {database} set search_path = public, backend");
        try
        {
            Assert.False((await project.RehearseAsync()).Rehearsal!.Passed);
            Assert.True((await project.RehearseAsync(As(project.Url, role, ""))).Rehearsal!.Passed);
            await project.ExecuteAsync($"alter role {role} in database {database} reset search_path");
            Assert.True((await project.RehearseAsync(As(project.Url, role, "?options=-c%20search_path%3Dpublic,backend"))).Rehearsal!.Passed);
            Assert.False((await project.RehearseAsync(As(project.Url, role, ""))).Rehearsal!.Passed);
        }
        finally
        {
            await project.ExecuteAsync($"drop owned by {role}; drop role {role}");
        }

        await project.ExecuteAsync($"alter database {database} set search_path = nope");
        var nowhere = project.File("001_m.sql", "create table z (i int);");
        Assert.False((await nowhere.RehearseAsync()).Rehearsal!.Passed);
    }

    [Fact]
    public async Task Every_role_of_the_target_is_there_as_it_is_and_nobody_else()
    {
        await using var sandbox = await Postgres.Sandbox.PostgresSandbox.StartAsync(Cancelled, async (url, cancellationToken) => await PostgresDatabase.OpenAsync(url, "test", cancellationToken));
        ServerRole[] roles = [new("reader", "", []), new("app", "createdb noinherit", ["reader", "pg_read_all_data", "pg_no_such_role"])];
        await using var like = await sandbox.CreateLikeAsync(new Surroundings("plain", "app", roles, []) { Settings = [new("search_path", "\"$user\", public", true), new("app.tax", "20", true), new("no_such_setting", "1", true)] }, Cancelled);

        var rows = (await like.QueryAsync("select rolname, rolcreatedb, rolinherit, rolcanlogin, array(select m.roleid::regrole::text from pg_auth_members m where m.member = r.oid order by 1) from pg_roles r where rolname in ('app', 'reader') order by 1", Cancelled)).Rows;
        Assert.Equal(["app t f f {pg_read_all_data,reader}", "reader f t f {}"], rows.Select(row => string.Join(' ', row)));
        Assert.Equal([["\"app\", public", "20"]], (await like.QueryAsync("select current_setting('search_path'), current_setting('app.tax')", Cancelled)).Rows);
        Assert.Contains("no_such_setting", Assert.Single(like.Unlike).En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LATIN1", "C", "libc", null, "LATIN1 C c", false)]
    [InlineData("UTF8", "C.UTF-8", "icu", "fr", "UTF8 C.UTF-8 i", false)]
    [InlineData("UTF8", "xx_XX.UTF-8", "libc", null, "UTF8", true)]
    [InlineData("LATIN2", "xx_XX.ISO-8859-2", "libc", null, "LATIN2 C c", true)]
    public async Task Text_is_kept_and_sorted_as_there_or_it_is_told(string encoding, string collate, string provider, string? locale, string expected, bool told)
    {
        var sandbox = new Postgres.Sandbox.ServerOfTheUser((await server.RehearsalsAsync()).AdminUrl, async (url, cancellationToken) => await PostgresDatabase.OpenAsync(url, "test", cancellationToken));
        await using (sandbox)
        {
            await using var like = await sandbox.CreateLikeAsync(new Surroundings("plain", "postgres", [], []) { Text = new TextTraits(encoding, collate, collate, provider, locale) }, Cancelled);
            var found = (await like.QueryAsync("select pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datlocprovider::text from pg_database where datname = current_database()", Cancelled)).Rows[0][0]!;
            Assert.StartsWith(expected, found, StringComparison.Ordinal);
            Assert.Equal(told, like.Unlike.Count > 0);
        }
    }

    [Fact]
    public async Task Roles_that_only_the_target_has_are_granted_to_and_own_things_in_a_rehearsal()
    {
        var role = $"app_{Guid.NewGuid():N}"[..20];
        using var project = (await BaselineProject.CreateAsync(server, ownSandbox: true)).File("001_case.sql", $"grant select on orders to {role}; alter table scratch owner to {role};");
        await project.ExecuteAsync($"create role {role}; create table orders (id int); create table scratch (id int)");
        try
        {
            Assert.True((await project.RehearseAsync()).Rehearsal!.Passed);
            project.File("001_case.sql", "grant select on orders to no_such_role;");
            Assert.False((await project.RehearseAsync()).Rehearsal!.Passed);
        }
        finally
        {
            await project.ExecuteAsync($"drop role {role}");
        }
    }

    /// <summary>The server then writes its definitions otherwise.</summary>
    [Fact]
    public async Task Where_every_identifier_is_quoted_ways_back_are_proven_and_histories_judged()
    {
        using var project = (await BaselineProject.CreateAsync(server))
            .File("001_t.sql", "create table t (id int primary key);")
            .File("002_x.sql", """
                create table x (id int primary key, n int not null default 3 check (n > 0));
                create view v as select id, n from x where n > 1; create index x_n on x (n) where n > 2;
                create function f(a int) returns int language sql as 'select a + 1'; alter table t add column m int default f(7);
                """);
        await project.ExecuteAsync($"alter database {await project.ScalarAsync<string>("select current_database()::text")} set quote_all_identifiers = on");

        var rehearsal = (await project.RehearseAsync()).Rehearsal!;
        await project.ByHandAsync("001", "002");

        Assert.Equal((true, RollbackVerdict.Proven), (rehearsal.Passed, rehearsal.Rollback));
        Assert.Equal("001 present, 002 present", BaselineProject.Verdicts(await project.BaselineAsync()));
    }

    private static DatabaseUrl As(DatabaseUrl url, string role, string query)
    {
        var address = url.Reveal();
        return new DatabaseUrl($"postgresql://{role}:p{address[address.LastIndexOf('@')..]}{query}");
    }
}

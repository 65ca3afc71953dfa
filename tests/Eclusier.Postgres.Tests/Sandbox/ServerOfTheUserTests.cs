using Eclusier.Postgres.Backups;
using Eclusier.Postgres.Sandbox;
using Eclusier.Postgres.Tests.Baselines;

namespace Eclusier.Postgres.Tests.Sandbox;

[Collection(BaselineProject.OneAfterTheOther)]
public sealed class ServerOfTheUserTests(PostgresServer server)
{
    [Fact]
    public async Task Scratch_databases_and_roles_are_dropped_and_nothing_else()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var kept = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(kept, "create role a_real_role; create role a_copied_role; create table t (id int); alter table t owner to a_copied_role");
        using var folder = new TemporaryFolder();
        var dump = await PostgresDump.WriteAsync(kept, folder.Path, cancelled);
        // A server of the user's own that lacks one of the roles.
        await PostgresServer.ExecuteAsync(kept, "drop table t; drop role a_copied_role");
        var rehearsal = new ServerOfTheUser(kept, (_, _) => throw new InvalidOperationException());

        var scratch = await rehearsal.CreateEmptyDatabaseAsync(cancelled);
        await PostgresRestore.RestoreAsync(scratch, dump, folder.Path, sameServer: false, cancelled);
        Assert.Equal("a_copied_role", await PostgresServer.ScalarAsync<string>(scratch, "select tableowner::text from pg_tables where tablename = 't'"));
        await rehearsal.DisposeAsync();

        // Other tests have rehearsals on the same server.
        var name = new Uri(scratch.Reveal()).AbsolutePath[1..];
        Assert.StartsWith("eclusier_rehearsal_", name, StringComparison.Ordinal);
        Assert.Equal(0, await PostgresServer.ScalarAsync<long>(kept, $"select count(*) from pg_database where datname = '{name}'"));
        Assert.Equal("a_real_role", await PostgresServer.ScalarAsync<string>(kept, "select string_agg(rolname, ',') from pg_roles where rolname like 'a\\_%\\_role'"));
        await PostgresServer.ExecuteAsync(kept, "drop role a_real_role");
    }
}

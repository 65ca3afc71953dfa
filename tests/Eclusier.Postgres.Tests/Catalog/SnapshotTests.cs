using Eclusier.Postgres.Connections;

namespace Eclusier.Postgres.Tests.Catalog;

/// <summary>A fingerprint tells what is there, and not how it came there.</summary>
public sealed class SnapshotTests(PostgresServer server)
{
    [Fact]
    public async Task Built_in_another_order_two_databases_have_the_same_fingerprint()
    {
        var (one, other) = (await server.NewDatabaseAsync(), await server.NewDatabaseAsync());
        await PostgresServer.ExecuteAsync(one, "create table a (x int, y text default 'z'); create table b (id int primary key); create index i on a (x); create view v as select x, y from a; grant select on a to public;");
        await PostgresServer.ExecuteAsync(other, "create table b (id int); create table a (y text, gone int, x int); alter table a drop column gone; grant select on a to public; create index i on a (x); alter table a alter y set default 'z'; create view v as select x, y from a; alter table b add primary key (id);");

        Assert.Equal(await FingerprintAsync(one), await FingerprintAsync(other));
        await PostgresServer.ExecuteAsync(other, "alter table a alter y set default 'zz';");
        Assert.NotEqual(await FingerprintAsync(one), await FingerprintAsync(other));
    }

    [Theory]
    [InlineData("binary = true")]
    [InlineData("streaming = true")]
    [InlineData("disable_on_error = true")]
    [InlineData("synchronous_commit = on")]
    [InlineData("slot_name = 'another'")]
    public async Task Every_option_of_a_subscription_counts(string option)
    {
        var url = await server.NewDatabaseAsync();
        var name = $"s_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(url, $"create subscription {name} connection 'host=/nowhere' publication p with (connect = false);");
        var before = await FingerprintAsync(url);

        await PostgresServer.ExecuteAsync(url, $"alter subscription {name} set ({option});");

        Assert.NotEqual(before, await FingerprintAsync(url));
        await PostgresServer.ExecuteAsync(url, $"alter subscription {name} set (slot_name = none);");
        await PostgresServer.ExecuteAsync(url, $"drop subscription {name};");
    }

    [Fact]
    public async Task A_user_without_special_rights_sees_what_few_databases_have_too()
    {
        var (url, role, subscription) = (await server.NewDatabaseAsync(), $"plain_{Guid.NewGuid():N}", $"s_{Guid.NewGuid():N}");
        await PostgresServer.ExecuteAsync(url, $"create role {role} login password 'x'; create table t (id int primary key); create publication p for table t; create collation c (locale = 'C'); create subscription {subscription} connection 'host=/nowhere' publication p with (connect = false);");
        var admin = PostgresUrl.Parse(url);
        await using var database = await PostgresDatabase.OpenAsync(new DatabaseUrl($"postgresql://{role}:x@{Uri.EscapeDataString(admin.Hosts[0])}:{admin.Ports[0]}/{admin.Database}"), "test", TestContext.Current.CancellationToken);

        var seen = (await database.SnapshotAsync(TestContext.Current.CancellationToken)).Objects.Select(found => found.ToString()).ToList();

        Assert.Contains("publication p", seen);
        Assert.Contains("published table public.t in p", seen);
        Assert.Contains("collation public.c", seen);
        Assert.Contains($"subscription {subscription}", seen);
        await PostgresServer.ExecuteAsync(url, $"alter subscription {subscription} set (slot_name = none);");
        await PostgresServer.ExecuteAsync(url, $"drop subscription {subscription}; drop owned by {role}; drop role {role};");
    }

    private static async Task<string> FingerprintAsync(DatabaseUrl url)
    {
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        return (await database.SnapshotAsync(TestContext.Current.CancellationToken)).Fingerprint;
    }
}

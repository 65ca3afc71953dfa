using Eclusier.Postgres.Connections;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace Eclusier.Postgres.Tests;

public sealed class PostgresUrlTests(PostgresServer server)
{
    [Theory]
    [InlineData("postgres://ann@db/app", "db", 5432, "ann", null, "app")]
    [InlineData("postgresql://ann:p%40ss%2Fw@db.example.com:6543/app", "db.example.com", 6543, "ann", "p@ss/w", "app")]
    [InlineData("postgresql://ann:p@ss@db/app", "db", 5432, "ann", "p@ss", "app")]
    [InlineData("postgresql://ann@[2001:db8::1]:5433/app", "2001:db8::1", 5433, "ann", null, "app")]
    [InlineData("postgresql://ann@/app?host=/var/run/postgresql", "/var/run/postgresql", 5432, "ann", null, "app")]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql:5433/app?user=ann", "/var/run/postgresql", 5433, "ann", null, "app")]
    [InlineData("postgresql://db?user=ann&password=x%26y", "db", 5432, "ann", "x&y", "ann")]
    [InlineData("postgresql://ann@db", "db", 5432, "ann", null, "ann")]
    [InlineData("postgresql://ann@db/", "db", 5432, "ann", null, "ann")]
    [InlineData("postgresql://ann@db/caf%C3%A9", "db", 5432, "ann", null, "café")]
    [InlineData("postgresql://ann@db:1/app?port=2", "db", 2, "ann", null, "app")]
    public void The_address_is_read_as_libpq_reads_it(string url, string host, int port, string user, string? password, string database)
    {
        var result = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(new DatabaseUrl(url), "test"));

        Assert.Equal((host, port, user, password, database), (result.Host!, result.Port, result.Username!, result.Password, result.Database!));
        Assert.False(result.Pooling);
    }

    /// <summary>libpq looks at neither TLS nor TCP's keepalive there, and a unix socket refuses TCP's options.</summary>
    [Fact]
    public async Task A_server_is_reached_by_its_unix_socket()
    {
        var database = await server.NewDatabaseAsync();
        var there = PostgresUrl.ChildEnvironment(database);
        await using var asked = await PostgresServer.ConnectAsync(database);
        await using var show = new NpgsqlCommand("show unix_socket_directories", asked);
        var folder = (string)(await show.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        Assert.SkipWhen(folder.Length == 0, "The test server has no unix socket.");

        foreach (var more in new[] { "", "sslmode=require", "keepalives_idle=5 keepalives_interval=2" })
        {
            var url = $"host='{folder}' port={there["PGPORT"]} user='{there["PGUSER"]}' password='{there["PGPASSWORD"]}' dbname='{there["PGDATABASE"]}' {more}";
            Assert.Equal(there["PGDATABASE"], await PostgresServer.ScalarAsync<string>(new DatabaseUrl(url), "select current_database()::text"));
        }
    }

    [Fact]
    public void Parameters_become_Npgsqls()
    {
        var url = new DatabaseUrl("postgresql://ann@db/app?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&application_name=mine&options=-c%20a%3Db&channel_binding=require");

        var result = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(url, "test"));

        Assert.Equal(SslMode.VerifyFull, result.SslMode);
        Assert.Equal("/ca.pem", result.RootCertificate);
        Assert.Equal(3, result.Timeout);
        Assert.Equal("mine", result.ApplicationName);
        Assert.Equal("-c a=b", result.Options);
        Assert.Equal(ChannelBinding.Require, result.ChannelBinding);
    }

    [Theory]
    [InlineData("mysql://ann@db/app", "not a PostgreSQL URL")]
    [InlineData("db/app", "not a PostgreSQL URL")]
    [InlineData("", "not a PostgreSQL URL")]
    [InlineData("postgresql://ann:t0psecret", "not a PostgreSQL URL")]
    [InlineData("postgresql://ann:t0psecret/app?sslmode=disable", "not a PostgreSQL URL")]
    [InlineData("postgresql://db:5432,ann:t0psecret/app", "not a PostgreSQL URL")]
    [InlineData("postgresql://ann:t0psecret@db:65536/app", "not a number from 1 to 65535")]
    [InlineData("postgresql://ann:t0psecret@db/app?port=0", "not a number from 1 to 65535")]
    [InlineData("postgresql://ann:t0psecret@db/app?pgbuncer=true", "pgbuncer")]
    [InlineData("postgresql://ann:t0psecret@db/app?sslmode=maybe", "sslmode")]
    [InlineData("postgresql://ann:t0psecret@db/app?connect_timeout=soon", "connect_timeout")]
    public void What_cannot_be_understood_is_named_without_the_password(string url, string named)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => PostgresUrl.ConnectionString(new DatabaseUrl(url), "test"));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidInputException>(error);
        Assert.DoesNotContain("t0psecret", $"{error.Message} {error.Where} {error.Remedy}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://ann:secret@db/app", "db:5432/app")]
    [InlineData("postgresql://ann@[::1]:5433/app?sslmode=require", "[::1]:5433/app")]
    [InlineData("postgresql://ann@a:1,b:2/app", "a:1,b:2/app")]
    public void The_description_is_host_port_and_database(string url, string expected) =>
        Assert.Equal(expected, PostgresUrl.Describe(new DatabaseUrl(url)));

    [Fact]
    public void Child_programs_get_the_address_from_their_environment_and_nothing_else_of_ours()
    {
        var environment = PostgresUrl.ChildEnvironment(new DatabaseUrl("postgresql://ann:p%40ss@db:6543/app?sslmode=require"));

        Assert.Equal("db", environment["PGHOST"]);
        Assert.Equal("6543", environment["PGPORT"]);
        Assert.Equal("ann", environment["PGUSER"]);
        Assert.Equal("p@ss", environment["PGPASSWORD"]);
        Assert.Equal("app", environment["PGDATABASE"]);
        Assert.Equal("require", environment["PGSSLMODE"]);
        Assert.Null(environment["PGSERVICE"]);
        Assert.Null(environment["PGOPTIONS"]);
    }

    [Theory]
    [InlineData("postgresql://ann:x@db:1/app", "postgresql://ann:x@db:1/a%20b")]
    [InlineData("postgresql://ann:x@db?sslmode=require&dbname=app", "postgresql://ann:x@db/a%20b?sslmode=require")]
    public void Another_database_of_the_same_server(string url, string expected) =>
        Assert.Equal(expected, PostgresUrl.WithDatabase(new DatabaseUrl(url), "a b").Reveal());

    [Fact]
    public void Any_user_password_and_database_survive_percent_encoding() =>
        Prop.ForAll<NonEmptyString, NonEmptyString, NonEmptyString>((user, password, database) =>
        {
            var parts = new[] { user.Get, password.Get, database.Get };
            // A lone half of a surrogate pair is no text and has no encoding; Npgsql's settings cannot hold NUL.
            if (parts.Any(part => part.Contains('\0', StringComparison.Ordinal) || part.Any(char.IsSurrogate)))
                return true;
            var encoded = parts.Select(Uri.EscapeDataString).ToArray();
            var parsed = PostgresUrl.ChildEnvironment(new DatabaseUrl($"postgresql://{encoded[0]}:{encoded[1]}@db/{encoded[2]}"));
            return parsed["PGUSER"] == parts[0] && parsed["PGPASSWORD"] == parts[1] && parsed["PGDATABASE"] == parts[2];
        }).QuickCheckThrowOnFailure();
}

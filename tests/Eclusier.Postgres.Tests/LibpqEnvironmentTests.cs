using Eclusier.Files;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Tests;

/// <summary>What libpq reads besides the address: service files, variables, the password file.</summary>
public sealed class LibpqEnvironmentTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string?> _variables = new(StringComparer.Ordinal) { ["PGSYSCONFDIR"] = "/nonexistent" };

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_address_goes_before_its_service_and_the_service_before_the_variables()
    {
        Write(".pg_service.conf", "# of the team\n[other]\nhost=wrong\n\n[prod]\nhost=from-service\nport=7777\nsslmode=require\n[next]\nuser=wrong\n");
        Set("PGHOST=from-variable", "PGPORT=6666", "PGUSER=ann", "PGDATABASE=shop", "PGSSLMODE=disable", "PGAPPNAME=theirs", "PGOPTIONS=-c a=b", "PGSERVICE=other");

        var url = Parse("postgresql://:5544/?service=prod");

        Assert.Equal(("from-service", "5544", "ann", "shop"), (url.Hosts[0], url.Ports[0], url.User, url.Database));
        Assert.Equal(("require", "theirs", "-c a=b"), (url.Parameter("sslmode"), url.Parameter("application_name"), url.Parameter("options")));
    }

    [Fact]
    public void A_url_that_says_nothing_is_all_variables_and_one_that_says_everything_is_none()
    {
        Set("PGHOST=db", "PGHOSTADDR=10.0.0.7", "PGPORT=6666", "PGUSER=ann", "PGDATABASE=shop", "PGPASSWORD=pw-of-ann");

        Assert.Equal(("db", "6666", "ann", "shop"), Parts(Parse("postgresql://")));
        Assert.Equal(("other", "1", "bob", "x"), Parts(Parse("postgresql://bob@other:1/x")));
        Assert.Equal(("db", "6666", "ann", "x"), Parts(Parse("postgresql:///x")));
        Assert.Equal(("db", "6666", "ann", "shop"), Parts(Parse("dbname=shop")));
        // As with libpq: the address behind the name is the variable's, unless the URL has one.
        Assert.Equal("10.0.0.7", Parse("postgresql://").ChildEnvironment()["PGHOSTADDR"]);
        // A throwaway server of our own is nobody's production: no variable leads away from it.
        Assert.Equal(("127.0.0.1", "5432", "bob", "x"), Parts(PostgresUrl.Parse(new DatabaseUrl("postgresql://bob@127.0.0.1/x", isIsolated: true), Environment())));
    }

    [Fact]
    public void Child_programs_get_what_our_own_connection_uses()
    {
        Write(".pg_service.conf", "[prod]\nhost=db\nsslmode=verify-full\ntarget_session_attrs=read-write\n");
        Set("PGSERVICE=prod", "PGUSER=ann", "PGSSLMODE=disable", "PGTARGETSESSIONATTRS=standby", "PGSSLKEY=/key");

        var child = Parse("postgresql:///shop").ChildEnvironment();

        Assert.Equal(("db", "ann", "shop"), (child["PGHOST"], child["PGUSER"], child["PGDATABASE"]));
        Assert.Equal(("verify-full", "read-write", "/key"), (child["PGSSLMODE"], child["PGTARGETSESSIONATTRS"], child["PGSSLKEY"]));
        Assert.Null(child["PGSERVICE"]);
        Assert.Null(child["PGHOSTADDR"]);
        Assert.Null(child["PGPASSWORD"]);
        Assert.Equal(Path.Combine(_home.Path, ".pgpass"), child["PGPASSFILE"]);
    }

    [Theory]
    [InlineData("[prod]\nhost=db\nnonsense\n", "prod", "no parameter of libpq")]
    [InlineData("[prod]\nhots=db\n", "prod", "no parameter of libpq")]
    [InlineData("[other]\nhost=db\n", "prod", "no connection service")]
    public void A_service_that_is_wrong_or_missing_is_an_error_with_its_file(string file, string service, string problem)
    {
        Write(".pg_service.conf", file);
        Set($"PGSERVICE={service}");

        var error = Assert.ThrowsAny<EclusierException>(() => Parse("postgresql:///x"));

        Assert.Contains(problem, error.Problem.En, StringComparison.Ordinal);
        Assert.Contains(".pg_service.conf", error.Where, StringComparison.Ordinal);
        Assert.IsType<InvalidInputException>(error);
    }

    [Theory]
    [InlineData("postgresql://ann@db/shop", "first")]
    [InlineData("postgresql://ann@db:6543/shop", "any port")]
    [InlineData("postgresql://ann@[::1]/shop", "of six")]
    [InlineData("postgresql:///shop?host=/var/run/postgresql&user=ann", "local")]
    [InlineData("postgresql://bob@db/shop", "it's: a \\")]
    [InlineData("postgresql://ann@nowhere/shop", null)]
    [InlineData("postgresql://ann:own@db/shop", "own")]
    public void The_password_file_is_read_as_libpq_reads_it(string url, string? password)
    {
        Write(".pgpass", "# remark\ndb:5432:shop:ann:first\ndb:5432:shop:ann:second\ndb:*:*:ann:any port\n\\:\\:1:*:*:*:of six\nlocalhost:*:*:ann:local\n*:*:shop:bob:it's\\: a \\\\\n");
        Set("PGHOST=");

        Assert.Equal(password, PasswordOf(url));
    }

    [Fact]
    public void A_password_file_that_others_can_read_is_not_used()
    {
        Write(".pgpass", "*:*:*:*:open\n");
        File.SetUnixFileMode(Path.Combine(_home.Path, ".pgpass"), OwnerOnly.File | UnixFileMode.GroupRead);

        Assert.Null(PasswordOf("postgresql://ann@db/shop"));
    }

    [Theory]
    [InlineData("host=db port=5433 user=ann password=x dbname=shop", "db", "5433", "ann", "shop")]
    [InlineData("host = 'db' user='a nn' dbname='it\\'s'", "db", "5432", "a nn", "it's")]
    [InlineData("host=a,b port=1,2 user=ann dbname=shop", "a", "1", "ann", "shop")]
    public void Keywords_and_values_are_an_address_too(string text, string host, string port, string user, string database)
    {
        Assert.Equal((host, port, user, database), Parts(Parse(text)));
        Assert.Equal((host, port, user, "an'other"), Parts(PostgresUrl.Parse(PostgresUrl.WithDatabase(new DatabaseUrl(text), "an'other"), Environment())));
    }

    [Theory]
    [InlineData("postgresql://a,b:2/x", "a:5432,b:2/x")]
    [InlineData("postgresql://a,b/x?port=7", "a:7,b:7/x")]
    [InlineData("postgresql:///x?host=a,b&hostaddr=10.0.0.1,10.0.0.2&port=1,2", "a:1,b:2/x")]
    [InlineData("postgresql:///x?hostaddr=10.0.0.1", "10.0.0.1:5432/x")]
    public void Several_servers_have_a_port_each_or_one_for_all(string url, string described) => Assert.Equal(described, PostgresUrl.Describe(new DatabaseUrl(url)));

    [Theory]
    [InlineData("postgresql://a,b,c/x?port=1,2")]
    [InlineData("postgresql://a,b/x?hostaddr=10.0.0.1")]
    [InlineData("postgresql://a:99999/x")]
    [InlineData("postgresql://ann:%zzT0psecret@db/x")]
    [InlineData("postgresql://ann:12/T0psecret@db")]
    [InlineData("postgresql://ann@db/x?T0psecret")]
    [InlineData("postgresql://ann:12?T0psecret=a@db/x")]
    [InlineData("host=db password='T0psecret")]
    [InlineData("host=db pasword=T0psecret")]
    public void What_libpq_would_refuse_is_refused_and_not_repeated(string url)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Parse(url));

        Assert.IsType<InvalidInputException>(error);
        Assert.DoesNotContain("T0psecret", $"{error.Problem} {error.Where} {error.Remedy}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://ann@db/x?pasword=T0psecret", "Did you mean password?")]
    [InlineData("postgresql://ann@db/x?Password=T0psecret", "Did you mean password?")]
    [InlineData("postgresql://ann@db/x?ssl_mode=require", "Did you mean sslmode?")]
    public void A_misspelt_parameter_is_told_with_the_nearest(string url, string remedy)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => Parse(url));

        Assert.Equal(remedy, error.Remedy!.En);
        Assert.DoesNotContain("T0psecret", $"{error.Problem} {error.Where}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_servers_the_first_is_taken_that_does_as_asked()
    {
        var url = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(await server.NewDatabaseAsync(), "test"));
        string Of(string more) => $"postgresql://{url.Username}:{url.Password}@127.0.0.1:1,127.0.0.1:{url.Port}/{url.Database}?{more}";

        foreach (var fits in new[] { "", "target_session_attrs=read-write", "target_session_attrs=primary", "target_session_attrs=prefer-standby", "hostaddr=127.0.0.1,127.0.0.1&host=a.invalid,b.invalid" })
        {
            await using var connection = await PostgresServer.ConnectAsync(new DatabaseUrl(Of(fits)));
            Assert.Equal(url.Port, connection.Port);
        }

        foreach (var other in new[] { "standby", "read-only" })
        {
            var error = await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresServer.ConnectAsync(new DatabaseUrl(Of($"target_session_attrs={other}"))));
            Assert.Contains($"asks for {other}", error.Remedy!.En, StringComparison.Ordinal);
            Assert.IsType<UnavailableException>(error);
        }
    }

    /// <summary>"Check the host and the port" helps nobody whose server answers.</summary>
    [Fact]
    public async Task A_refusal_is_told_with_what_mends_it()
    {
        var database = await server.NewDatabaseAsync();
        var own = new NpgsqlConnectionStringBuilder(PostgresUrl.ConnectionString(database, "test"));
        var address = $"127.0.0.1:{own.Port}/{own.Database}";

        Assert.Contains("Give the password", await RemedyAsync($"postgresql://{own.Username}@{address}"), StringComparison.Ordinal);
        Assert.Contains("speaks no TLS", await RemedyAsync($"{database.Reveal()}?sslmode=require"), StringComparison.Ordinal);
        Assert.Contains("user and the password", await RemedyAsync($"postgresql://{own.Username}:wrong@{address}"), StringComparison.Ordinal);
        Assert.Contains("No such host", await RemedyAsync("postgresql://ann@host.invalid/x"), StringComparison.Ordinal);
        Assert.Contains("host and port", await RemedyAsync("postgresql://ann@127.0.0.1:1/x"), StringComparison.Ordinal);
    }

    private static async Task<string> RemedyAsync(string url) =>
        (await Assert.ThrowsAnyAsync<EclusierException>(() => PostgresServer.ConnectAsync(new DatabaseUrl(url)))).Remedy!.En;

    private static (string, string, string, string) Parts(PostgresUrl url) => (url.Hosts[0], url.Ports[0], url.User, url.Database);

    private PostgresUrl Parse(string url) => PostgresUrl.Parse(new DatabaseUrl(url), Environment());

    private string? PasswordOf(string url) => new NpgsqlConnectionStringBuilder(Parse(url).ConnectionString(0, new DatabaseUrl(url), "test")).Password;

    private LibpqEnvironment Environment() => new(name => _variables.GetValueOrDefault(name), _home.Path);

    private void Set(params string[] variables)
    {
        foreach (var variable in variables)
            _variables[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_home.Path, file);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, OwnerOnly.File);
    }
}

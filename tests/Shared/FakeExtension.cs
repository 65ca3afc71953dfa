namespace Eclusier.Tests.Shared;

/// <summary>No other test looks at the server's extensions while files of one come and go.</summary>
[CollectionDefinition(nameof(FakeExtension), DisableParallelization = true)]
public sealed class FakeExtensions;

/// <summary>
/// An extension that a database has, and that the machine lacks: PostgreSQL reads an extension's files when it is created, and never again, so they
/// are there for that moment only.
/// </summary>
public sealed class FakeExtension
{
    private const string Script = """
        create type @extschema@.embedding as (x float8, y float8);
        create function @extschema@.dims(e @extschema@.embedding) returns int language sql immutable as 'select 2';
        create function @extschema@.shout(t text) returns text language sql immutable as 'select upper(t)';
        create function @extschema@.distance(a @extschema@.embedding, b @extschema@.embedding) returns float8 language sql immutable as 'select 1.0::float8';
        create operator @extschema@.<-> (leftarg = @extschema@.embedding, rightarg = @extschema@.embedding, function = @extschema@.distance);
        create operator class @extschema@.downward for type int4 using btree as operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp(int4, int4);
        create schema fake_jobs;
        create table fake_jobs.job (id int primary key, command text);
        select pg_catalog.pg_extension_config_dump('fake_jobs.job', '');
        """;

    private readonly string? _requires;

    private FakeExtension(string name, string? requires) => (Name, _requires) = (name, requires);

    /// <summary>Its own, so that tests of other processes do not meet it.</summary>
    public string Name { get; }

    /// <summary>Creates it in schema <c>extensions</c>. Where the server's folder is not to be written to, the test is skipped.</summary>
    /// <param name="requires">Another one; this one then brings but a type of the name <c>further</c>.</param>
    /// <param name="name">A known extension's; where that is really there, the test is skipped.</param>
    public static async Task<FakeExtension> CreateInAsync(DatabaseUrl url, FakeExtension? requires = null, string? name = null)
    {
        Assert.SkipWhen(name is not null && await PostgresServer.ScalarAsync<bool>(url, $"select exists (select from pg_available_extensions where name = '{name}')"), $"{name} is installed.");
        var extension = new FakeExtension(name ?? $"eclusier_fake_{Guid.NewGuid():N}"[..24], requires?.Name);
        await extension.WhileThereAsync(url, () => PostgresServer.ExecuteAsync(url, $"create schema if not exists extensions; create extension {extension.Name} with schema extensions"));
        return extension;
    }

    /// <summary>Does something while the server has its files.</summary>
    /// <param name="sql">What creating it does; null: what it does.</param>
    public async Task WhileThereAsync(DatabaseUrl url, Func<Task> action, string? sql = null)
    {
        var folder = Path.Combine(await PostgresServer.ScalarAsync<string>(url, "select setting from pg_config where name = 'SHAREDIR'"), "extension");
        var (control, script) = (Path.Combine(folder, $"{Name}.control"), Path.Combine(folder, $"{Name}--1.0.sql"));
        try
        {
            await WriteAsync(control, $"comment = 'made for a test'\ndefault_version = '1.0'\nrelocatable = false\n{(_requires is null ? "" : $"requires = '{_requires}'\n")}");
            await WriteAsync(script, sql is not null ? sql : _requires is null ? Script : "create type @extschema@.further as (z float8);");
            await action();
        }
        finally
        {
            File.Delete(control);
            File.Delete(script);
        }
    }

    private static async Task WriteAsync(string file, string text)
    {
        try
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            Assert.Skip($"{Path.GetDirectoryName(file)} cannot be written to: a server with an extension that this machine lacks cannot be made.");
        }
    }
}

using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Tests.Layouts;
using Eclusier.Runbooks;

namespace Eclusier.Postgres.Tests.Rollbacks;

/// <summary>A database on which statements are tried one after the other, as long as each is undone.</summary>
internal sealed class ShapedDatabase : IAsyncDisposable
{
    private readonly DatabaseUrl _url;
    private readonly PostgresDatabase _database;
    private string _dump = "";
    private string _rows = "";
    private CatalogSnapshot _catalog = new([]);

    private ShapedDatabase(DatabaseUrl url, PostgresDatabase database)
    {
        _url = url;
        _database = database;
    }

    /// <summary>The last statement left nothing behind.</summary>
    public bool IsAsBefore { get; private set; } = true;

    public static async Task<ShapedDatabase> CreateAsync(PostgresServer server, string template)
    {
        var url = await server.NewDatabaseAsync(template);
        var database = new ShapedDatabase(url, await PostgresDatabase.OpenAsync(url, "test", Token));
        database._catalog = await database._database.SnapshotAsync(Token);
        // The tracking table is there from now on.
        Assert.Null(await database.TryAsync("create table first ()", Reversible.Yes));
        await database.RememberAsync();
        return database;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <returns>What is wrong; null when both laws hold.</returns>
    public async Task<string?> TryAsync(string sql, Reversible expected)
    {
        using var folder = new MigrationFolder().With("001_case.sql", sql.Replace("{database}", PostgresUrl.Describe(_url).Split('/')[^1], StringComparison.Ordinal));
        var runbook = ShortForm.Create(_url, folder.Path, folder.Path, [], rehearse: false);
        var options = new ApplyOptions(runbook, "", "test");
        IsAsBefore = false;
        var step = (await _database.PlanAsync(runbook, runbook.Environments.Values.Single(), Token)).Steps[0];
        var applied = await _database.ApplyAsync(step, options, Token);
        if (applied.Status != StepStatus.Applied)
            return $"does not run: {applied.Error?.Summary.En}";
        var after = await _database.SnapshotAsync(Token);
        if (_dump.Length > 0 && Unseen(after, await DumpAsync()) is { } unseen)
            return unseen;
        if (step.Reversible != expected)
            return $"reversible: {step.Reversible}, expected: {expected} ({step.ReversibleReason.En})";

        var tracked = new TrackedMigration(step.Migration, step.Name, step.Checksum, null, null, Success: true, null);
        var recorded = StepChanges.Of(step.Migration, CatalogChange.Between(_catalog, after)).Changes;
        var reversal = (await _database.ReverseAsync(runbook, [tracked], [new RecordedChanges(step.Migration, recorded, step.Reversible, step.ReversibleReason)], after, Token))[0];
        if (reversal.Step is not { } back)
            return expected == Reversible.Yes ? $"no way back: {reversal.Problem?.En}" : null;
        if (expected != Reversible.Yes)
            return "has a way back";
        var undone = await _database.ApplyAsync(back, options, Token);
        var script = string.Join("\n      ", back.Statements.Select(statement => statement.Sql));
        if (undone.Status != StepStatus.Applied)
            return $"the way back fails: {undone.Error?.Summary.En}\n      {script}";
        if (_dump.Length == 0)
            return null;
        var now = await _database.SnapshotAsync(Token);
        var left = CatalogChange.Between(_catalog, now);
        if (left.Count > 0)
            return $"differs: {string.Join("; ", left.Select(change => $"{change.Object}: {change.Before?.Definition ?? "-"} -> {change.After?.Definition ?? "-"}"))}\n      {script}";
        if (Difference(_dump, await DumpAsync()) is { } lines)
            return $"pg_dump differs: {lines}\n      {script}";
        if (_rows != await RowsAsync())
            return $"rows differ\n      {script}";
        // Equal, but what was made again has another number.
        (_catalog, IsAsBefore) = (now, true);
        return null;
    }

    /// <summary>What pg_dump shows otherwise and the snapshot does not.</summary>
    private string? Unseen(CatalogSnapshot after, string dump)
    {
        if (dump == _dump)
            return null;
        DatabaseSnapshot Snapshot(CatalogSnapshot catalog) => new("", "", default, catalog.Objects, null);
        return after.Fingerprint == _catalog.Fingerprint || DatabaseComparison.Of(Snapshot(_catalog), Snapshot(after), []).Equal ? $"not seen: {Difference(_dump, dump)}" : null;
    }

    private async Task RememberAsync() => (_dump, _rows, _catalog) = (await DumpAsync(), await RowsAsync(), await _database.SnapshotAsync(Token));

    private async Task<string> DumpAsync()
    {
        var tools = await PostgresTools.FindAsync("pg_dump", Token);
        var result = await ChildProcess.RunAsync(tools.Path("pg_dump"), ["--schema-only", "--no-password"], PostgresUrl.ChildEnvironment(_url), Token);
        Assert.True(result.Succeeded, result.Error);
        var lines = result.Output.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith('\\')).ToList();
        // Who was granted something first makes no difference.
        bool IsRight(string line) => line.StartsWith("GRANT ", StringComparison.Ordinal) || line.StartsWith("REVOKE ", StringComparison.Ordinal);
        return string.Join('\n', lines.Where(line => !IsRight(line)).Concat(lines.Where(IsRight).Order(StringComparer.Ordinal)));
    }

    private async Task<string> RowsAsync() =>
        string.Join('\n', (await _database.CountRowsAsync(Token)).OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => $"{table.Key}: {table.Value}"));

    private static string? Difference(string before, string after)
    {
        if (before == after)
            return null;
        var (was, now) = (before.Split('\n'), after.Split('\n'));
        return string.Join("; ", was.Except(now).Select(line => $"- {line}").Concat(now.Except(was).Select(line => $"+ {line}")).DefaultIfEmpty("order").Take(12));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

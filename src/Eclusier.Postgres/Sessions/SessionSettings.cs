using System.Globalization;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>The timeouts that a migration runs under, where its file sets none of its own.</summary>
/// <param name="EndsWithItsClient">See <see cref="ClientCheck"/>.</param>
internal sealed record SessionSettings(Policy Policy, bool EndsWithItsClient)
{
    private const string LockTimeoutName = "lock_timeout";

    /// <param name="set"><c>set</c> or <c>set local</c>.</param>
    /// <param name="lockTimeout">Zero: wait as long as the statement may run.</param>
    public IEnumerable<(NpgsqlBatchCommand Command, Statement? Statement)> Of(string set, TimeSpan lockTimeout) =>
        [.. OwnSettings.AsOthers(set).Select(setting => (new NpgsqlBatchCommand(setting), (Statement?)null)), .. Commands(set, Values(lockTimeout, FileSettings.None))];

    /// <summary>By name, as the server lists them: in milliseconds.</summary>
    /// <param name="lockTimeout">Zero: wait as long as the statement may run.</param>
    /// <param name="file">What the file has set holds. Only to wait for a lock without a limit, in everybody's way, is not for a file to say.</param>
    public IReadOnlyDictionary<string, string> Values(TimeSpan lockTimeout, FileSettings file)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!file.Has(LockTimeoutName) || (file.Values[LockTimeoutName] == "0" && lockTimeout > TimeSpan.Zero))
            values[LockTimeoutName] = Milliseconds(lockTimeout);
        if (!file.Has("statement_timeout"))
            values["statement_timeout"] = Milliseconds(Policy.StatementTimeout);
        if (EndsWithItsClient && !file.Has(ClientCheck.Name))
            values[ClientCheck.Name] = ClientCheck.Milliseconds;
        return values;
    }

    /// <summary>For one statement that runs by itself; one that sets something gets nothing that could be taken for the file's.</summary>
    public IReadOnlyDictionary<string, string> Values(Statement statement, FileSettings file) =>
        statement.Kind is "set" or "reset" ? new Dictionary<string, string>(StringComparer.Ordinal) : Values(statement.MayBlockWrites ? Policy.LockTimeout : TimeSpan.Zero, file);

    public static IEnumerable<(NpgsqlBatchCommand Command, Statement? Statement)> Commands(string set, IReadOnlyDictionary<string, string> values) =>
        values.Select(value => (new NpgsqlBatchCommand($"{set} {value.Key} = {value.Value}"), (Statement?)null));

    public static string LockTimeout(string set, TimeSpan timeout) => $"{set} {LockTimeoutName} = {Milliseconds(timeout)}";

    /// <summary>The policy's lock timeout for the rest of a transaction, unless the file has one; it may be sent again and again.</summary>
    public string LockTimeoutUnlessSet() =>
        $"select pg_catalog.set_config('{LockTimeoutName}', '{Milliseconds(Policy.LockTimeout)}', true) where pg_catalog.current_setting('{LockTimeoutName}') operator(pg_catalog.=) '0'";

    private static string Milliseconds(TimeSpan timeout) => ((long)timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

using Eclusier.Planning;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>The timeouts that a migration runs under.</summary>
/// <param name="EndsWithItsClient">See <see cref="ClientCheck"/>.</param>
internal sealed record SessionSettings(Policy Policy, bool EndsWithItsClient)
{
    /// <param name="set"><c>set</c> or <c>set local</c>.</param>
    /// <param name="lockTimeout">Zero: wait as long as the statement may run.</param>
    public IEnumerable<(NpgsqlBatchCommand Command, Statement? Statement)> Of(string set, TimeSpan lockTimeout)
    {
        yield return (new(LockTimeout(set, lockTimeout)), null);
        yield return (new($"{set} statement_timeout = {(long)Policy.StatementTimeout.TotalMilliseconds}"), null);
        foreach (var setting in OwnSettings.AsOthers(set))
            yield return (new(setting), null);
        if (EndsWithItsClient)
            yield return (new($"{set} {ClientCheck.Setting}"), null);
    }

    public string LockTimeout(string set, TimeSpan timeout) => $"{set} lock_timeout = {(long)timeout.TotalMilliseconds}";
}

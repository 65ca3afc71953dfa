using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Migrations;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>Replays a migration that partitions tables as a run applies it: what it does is in the runbook, and not in statements.</summary>
internal static class PartitionReplay
{
    public static async Task<IReadOnlyList<Unreplayed>> RunAsync(DatabaseUrl url, NpgsqlConnection connection, TrackingTable tracking, Step step, Runbook runbook, CancellationToken cancellationToken)
    {
        var options = new ApplyOptions(runbook with { Policy = new Policy { RetryFor = TimeSpan.Zero } }, "", "replay");
        try
        {
            var result = await new StepRunner(url, connection, tracking, step, options, endsWithItsClient: false, tracer: null).RunAsync(cancellationToken);
            return result.Error is { } error ? [Refused(step, error.Where ?? step.File, error.Message)] : [];
        }
        catch (MigrationFailedException refusal)
        {
            await connection.ExecuteAllAsync(["rollback", "reset session authorization", "reset role", "reset all"], CancellationToken.None);
            return [Refused(step, refusal.Where ?? step.File, refusal.Problem)];
        }
    }

    /// <summary>The tables may be as they were, or half done.</summary>
    private static Unreplayed Refused(Step step, string where, Text message) => new(where, message, LacksSomething: true, Extension: null, RefusedStatement.WordsIn(step));
}

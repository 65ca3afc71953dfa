using Eclusier.Engines;
using Eclusier.Planning;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Rehearsals;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>What all that applies one step shares.</summary>
/// <param name="Tracer">In a rehearsal.</param>
internal sealed record StepContext(
    NpgsqlConnection Connection, StatementSender Sender, TrackingTable Tracking, Step Step, ApplyOptions Options, SessionSettings Timeouts, LockRetry Retry, StatementTracer? Tracer)
{
    /// <summary>As the step's statements see it.</summary>
    public FileSession Session { get; } = new(Connection);
}

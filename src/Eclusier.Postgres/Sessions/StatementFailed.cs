using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>Carries the server's refusal, and the statement it refers to, from the sending to the deciding.</summary>
internal sealed class StatementFailed(PostgresException error, Statement? statement) : Exception(error.MessageText, error)
{
    public PostgresException Error { get; } = error;

    /// <summary>Null when it was not one of the migration's own (a deferred constraint at commit).</summary>
    public Statement? Statement { get; } = statement;

    /// <summary>A part of the statement has committed by itself, and stays.</summary>
    public bool HasCommitted { get; init; }

    /// <summary>Another attempt may succeed: a lock that was not free in time, a deadlock, a serialization failure.</summary>
    public bool IsTransient => !HasCommitted && Error.SqlState
        is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}

using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Why the server did not answer.</summary>
internal static class Refusal
{
    public static Text Of(PostgresException error, TimeSpan budget) => error.SqlState switch
    {
        PostgresErrorCodes.QueryCanceled => TooLong(budget),
        PostgresErrorCodes.LockNotAvailable => new Text("the table is locked by another session", "la table est verrouillée par une autre session"),
        _ => Text.Same(PostgresErrors.Describe(error)),
    };

    public static Text TooLong(TimeSpan budget) => new($"not counted within {Formats.Of(Language.En).Span(budget)}", $"pas compté en {Formats.Of(Language.Fr).Span(budget)}");
}

using Npgsql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Why the server did not answer.</summary>
internal static class Refusal
{
    public static Text Of(PostgresException error, TimeSpan budget) => error.SqlState switch
    {
        PostgresErrorCodes.QueryCanceled => TooLong(budget),
        PostgresErrorCodes.LockNotAvailable => new Text("the table is locked by another session", "la table est verrouillée par une autre session"),
        _ => Text.Same(Secrets.Redact(error.MessageText)),
    };

    public static Text TooLong(TimeSpan budget) => new($"not counted within {Spoken(budget)}", $"pas compté en {Spoken(budget)}");

    private static string Spoken(TimeSpan budget) => budget < TimeSpan.FromSeconds(1) ? $"{budget.TotalMilliseconds:0} ms" : $"{budget.TotalSeconds:0.#} s";
}

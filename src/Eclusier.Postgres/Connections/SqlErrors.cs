using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>A server's refusal as a step's error, with the place in the file.</summary>
internal static class SqlErrors
{
    /// <summary>SQLSTATE of a new enum value that is used in the transaction which adds it.</summary>
    private const string UnsafeNewEnumValueUsage = "55P04";

    public static StepError Describe(PostgresException error, Statement? statement, string file) =>
        new(Text.Same(Secrets.Redact(error.MessageText)), error.SqlState, statement is null ? file : Place(error, statement, file))
        {
            Detail = error.Detail is { } detail ? Secrets.Redact(detail) : null,
            Hint = error.Hint is { } hint ? Secrets.Redact(hint) : null,
            Context = error.Where is { } context ? Secrets.Redact(context) : null,
            Remedy = Remedy(error.SqlState),
            Whole = error.MessageText,
        };

    /// <summary>After errors of these classes Npgsql closes the connection, although the server would go on: a full disk, no memory, a fault of its own.</summary>
    private static readonly string[] Critical = ["53", "58", "F0", "XX"];

    /// <summary>After these the session is over: there is nothing left to record a failure on.</summary>
    public static bool EndsConnection(PostgresException error) => error.InvariantSeverity is "FATAL" or "PANIC"
        || error.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        || Critical.Any(start => error.SqlState.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The server's position is in characters from the start of the statement, from 1; 0 when it gives none.</summary>
    private static string Place(PostgresException error, Statement statement, string file)
    {
        file = statement.IncludedFrom ?? file;
        if (error.Position < 1 || error.Position > statement.Sql.Length)
            return $"{file}:{statement.Line}:{statement.Column}";
        var before = statement.Sql.AsSpan(0, error.Position - 1);
        var lines = before.Count('\n');
        var column = lines == 0 ? statement.Column + before.Length : before.Length - before.LastIndexOf('\n');
        return $"{file}:{statement.Line + lines}:{column}";
    }

    /// <summary>Where the server's words do not tell what to do about a migration.</summary>
    private static Text? Remedy(string state) => state switch
    {
        UnsafeNewEnumValueUsage => new Text(
            "put what adds the value into a migration of its own, before this one: a new value can be used once it is committed",
            "mettez l'ajout de la valeur dans une migration à part, avant celle-ci : une nouvelle valeur est utilisable une fois validée"),
        PostgresErrorCodes.ActiveSqlTransaction => new Text(
            "the statement cannot run in a transaction: write `-- eclusier: no-transaction` at the top of the file",
            "l'instruction ne peut pas s'exécuter dans une transaction : écrivez `-- eclusier: no-transaction` en tête du fichier"),
        PostgresErrorCodes.InvalidTransactionTermination => new Text(
            "a procedure or a DO block that commits by itself cannot do so in a transaction: write `-- eclusier: no-transaction` at the top of the file",
            "une procédure ou un bloc DO qui valide lui-même ne peut pas le faire dans une transaction : écrivez `-- eclusier: no-transaction` en tête du fichier"),
        PostgresErrorCodes.ObjectInUse => new Text(
            "see in pg_stat_activity who uses it, then run the same command again",
            "voyez dans pg_stat_activity qui l'utilise, puis relancez la même commande"),
        PostgresErrorCodes.DiskFull => new Text(
            "make room on the server's disk, then run the same command again",
            "libérez de la place sur le disque du serveur, puis relancez la même commande"),
        PostgresErrorCodes.QueryCanceled => new Text(
            "if a time limit ended it, raise policy.statement_timeout (or the one that the file sets), then run the same command again",
            "si un délai l'a interrompue, augmentez policy.statement_timeout (ou celui que fixe le fichier), puis relancez la même commande"),
        _ => null,
    };
}

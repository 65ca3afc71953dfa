using Eclusier.Planning;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>A server's refusal as a step's error, with the place in the file.</summary>
internal static class SqlErrors
{
    public static StepError Describe(PostgresException error, Statement? statement, string file) => new(
        Secrets.Redact(error.MessageText),
        error.SqlState,
        statement is null ? file : Place(error, statement, file),
        error.Detail is { } detail ? Secrets.Redact(detail) : null,
        error.Hint);

    /// <summary>After these the server has ended the session: there is nothing left to record a failure on.</summary>
    public static bool EndsConnection(PostgresException error) => error.SqlState
        is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or "57P05";

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
}

using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary><c>target_session_attrs</c>: which of several servers will do (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS).</summary>
internal static class SessionAttributes
{
    public const string Name = "target_session_attrs";

    public static IReadOnlyList<string> Known { get; } = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];

    /// <summary>One round: what is looked for there. <c>prefer-standby</c> takes anything in a second.</summary>
    public static IReadOnlyList<string> Rounds(string? wanted) => wanted switch
    {
        null => ["any"],
        "prefer-standby" => ["standby", "any"],
        _ => [wanted],
    };

    /// <returns>Null when the session will do; else what it is instead.</returns>
    public static async Task<Text?> RefusesAsync(NpgsqlConnection connection, string wanted, CancellationToken cancellationToken)
    {
        if (wanted == "any")
            return null;
        var standby = await connection.ScalarAsync<bool>("select pg_is_in_recovery()", cancellationToken);
        var readOnly = standby || await connection.ScalarAsync<bool>("select current_setting('transaction_read_only')::bool", cancellationToken);
        return wanted switch
        {
            "read-write" when readOnly => new Text("the session is read-only", "la session est en lecture seule"),
            "read-only" when !readOnly => new Text("the session is not read-only", "la session n'est pas en lecture seule"),
            "primary" when standby => new Text("the server is a standby", "le serveur est un réplica"),
            "standby" when !standby => new Text("the server is no standby", "le serveur n'est pas un réplica"),
            _ => null,
        };
    }
}

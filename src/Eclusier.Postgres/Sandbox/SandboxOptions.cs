using Eclusier.Files;

namespace Eclusier.Postgres.Sandbox;

/// <param name="Durable">
/// Keeps the settings that survive a power cut; a throwaway server is several times faster without. (With <c>wal_level = minimal</c> a
/// sequence may go back by a crash, when it was used in the transaction that made it: its first values are nowhere in the log.)
/// </param>
/// <param name="Folder">Where sandboxes have their folders; null: <c>ECLUSIER_SANDBOX_DIR</c>, or the system's folder for temporary files.</param>
public sealed record SandboxOptions(bool Durable = false, string? Folder = null)
{
    /// <summary>A unix socket's path may have 107 bytes; the socket's own name takes some of them.</summary>
    private const int LongestSocketFolder = 85;

    /// <summary>More lines for <c>postgresql.conf</c>, such as libraries to load.</summary>
    public string Settings { get; init; } = "";

    internal string BaseFolder() =>
        Path.GetFullPath(Folder ?? HostVariables.Find("ECLUSIER_SANDBOX_DIR") ?? Path.GetTempPath());

    /// <summary>What is appended to <c>postgresql.conf</c>.</summary>
    internal string AllSettings(string serverFolder)
    {
        var socketFolder = serverFolder.Length > LongestSocketFolder ? "" : serverFolder.Replace("'", "''", StringComparison.Ordinal);
        var speed = Durable
            ? ""
            : """

                fsync = off
                full_page_writes = off
                synchronous_commit = off
                autovacuum = off
                """;
        return $"""
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{socketFolder}'
            unix_socket_permissions = 0700
            max_connections = 50
            shared_buffers = 64MB
            wal_level = {(Durable ? "replica" : "minimal")}
            max_wal_senders = 0
            checkpoint_timeout = 1h
            max_locks_per_transaction = 256{speed}
            {Settings}

            """;
    }
}

namespace Eclusier.Postgres.Hazards;

/// <summary>PostgreSQL's table-level locks, weakest first. See https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES.</summary>
public enum LockMode
{
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// <summary>What a lock means for the application.</summary>
public static class LockModes
{
    /// <summary>As the manual writes it: <c>SHARE ROW EXCLUSIVE</c>.</summary>
    public static string Name(this LockMode mode) => mode switch
    {
        LockMode.AccessShare => "ACCESS SHARE",
        LockMode.RowShare => "ROW SHARE",
        LockMode.RowExclusive => "ROW EXCLUSIVE",
        LockMode.ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
        LockMode.Share => "SHARE",
        LockMode.ShareRowExclusive => "SHARE ROW EXCLUSIVE",
        LockMode.Exclusive => "EXCLUSIVE",
        _ => "ACCESS EXCLUSIVE",
    };

    /// <summary>As <c>pg_locks.mode</c> writes it: <c>ShareRowExclusiveLock</c>.</summary>
    public static string ServerName(this LockMode mode) => $"{mode}Lock";

    /// <returns>Null for a mode that is none of a table's.</returns>
    public static LockMode? OfServerName(string name) => Enum.TryParse<LockMode>(name.Replace("Lock", "", StringComparison.Ordinal), out var mode) ? mode : null;

    /// <summary>INSERT, UPDATE and DELETE wait.</summary>
    public static bool BlocksWrites(this LockMode mode) => mode >= LockMode.Share;

    /// <summary>SELECT waits, too.</summary>
    public static bool BlocksReads(this LockMode mode) => mode == LockMode.AccessExclusive;
}

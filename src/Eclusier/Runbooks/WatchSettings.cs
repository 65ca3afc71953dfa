using Eclusier.Redaction;

namespace Eclusier.Runbooks;

/// <summary><c>watch:</c></summary>
public sealed record WatchSettings
{
    /// <summary>The share of rolled back transactions that is all right in any database, from 0 to 1.</summary>
    public const double UsualRollbacks = 0.05;

    /// <summary>The share that is too much in any: what the server counted before may be the rollbacks of monitoring in an idle night.</summary>
    public const double MostRollbacks = 0.5;

    public TimeSpan For { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The mean time of a statement above which it is slow, if it is new or was not so before.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The share of transactions that may be rolled back, from 0 to 1; null: twice what it was before, from <see cref="UsualRollbacks"/> to <see cref="MostRollbacks"/>.</summary>
    public double? Rollbacks { get; init; }

    /// <summary>How many in a round are all right.</summary>
    public long Deadlocks { get; init; }

    /// <summary>How long a session may wait for a lock.</summary>
    public TimeSpan Blocked { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transaction may be open.</summary>
    public TimeSpan Transactions { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far a replica may be behind.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that may be written to temporary files in a round.</summary>
    public long TempFiles { get; init; } = 1L << 30;

    /// <summary>End with the first failure.</summary>
    public bool StopOnFailure { get; init; }

    public NotifySettings Notify { get; init; } = new(null, null);

    internal static WatchSettings Read(RunbookNode? node)
    {
        var defaults = new WatchSettings();
        if (node is null)
            return defaults;
        var settings = new WatchSettings
        {
            For = node.Find("for")?.Duration() ?? defaults.For,
            Every = node.Find("every")?.Duration() ?? defaults.Every,
            Slow = node.Find("slow")?.Duration() ?? defaults.Slow,
            Rollbacks = node.Find("rollbacks")?.Percentage(),
            Deadlocks = node.Find("deadlocks")?.Number(0, 1_000_000) ?? defaults.Deadlocks,
            Blocked = node.Find("blocked")?.Duration() ?? defaults.Blocked,
            Transactions = node.Find("transactions")?.Duration() ?? defaults.Transactions,
            Lag = node.Find("lag")?.Duration() ?? defaults.Lag,
            TempFiles = node.Find("temp_files")?.Bytes() ?? defaults.TempFiles,
            StopOnFailure = node.Find("stop_on_failure")?.Boolean() ?? defaults.StopOnFailure,
            Notify = NotifySettings.Read(node.Find("notify")),
        };
        if (settings.Every < TimeSpan.FromMilliseconds(100))
            node.Error("\"watch.every\" must be 100ms at least", "« watch.every » doit être d'au moins 100ms");
        node.NoOtherKeys();
        return settings;
    }
}

/// <summary><c>watch.notify:</c> both, one of them, or none.</summary>
/// <param name="Command">For a shell; the notification comes on standard input.</param>
/// <param name="Url">Where the notification is posted to. It may be a secret.</param>
public sealed record NotifySettings(string? Command, string? Url)
{
    internal static NotifySettings Read(RunbookNode? node)
    {
        if (node is null)
            return new NotifySettings(null, null);
        var (command, url) = (node.Find("command"), node.Find("url"));
        var address = url?.Secret();
        if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            url!.Error("\"watch.notify.url\" must begin with https:// or http://", "« watch.notify.url » doit commencer par https:// ou http://");
        if (command is null && url is null && node.IsMapping)
            node.Error("\"watch.notify\" needs a \"command\" or a \"url\"", "« watch.notify » demande « command » ou « url »");
        node.NoOtherKeys();
        // Of a webhook, the address itself is what lets one write to it.
        Secrets.Remember(address);
        return new NotifySettings(command?.Text(), address);
    }
}

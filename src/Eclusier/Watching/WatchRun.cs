using Eclusier.Checks;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Watching;

/// <summary>
/// Asks the runbook's checks again and again after a run, and looks at the server. Says nothing while all is well. One that was cut off, or
/// ended before its time, is taken up again to the same end.
/// </summary>
/// <param name="tell">Gets one line when something begins to be wrong, and when it is over.</param>
public sealed class WatchRun(Runbook runbook, TargetEnvironment environment, Engine engine, RunOptions options, Action<Text> tell, TimeProvider time)
{
    /// <summary>One missed round may be the restart that a person just asked for.</summary>
    private const int MissedBeforeNotice = 2;

    private const int LastAttempts = 3;

    private readonly WatchSettings _settings = runbook.Watch;
    private readonly ServerLook _look = new();
    private WatchState _state = null!;
    private Database? _database;
    private bool _refused;

    /// <summary>Until the time is over, or somebody ends it; goes on with a watch of the same run that did not come to its end.</summary>
    /// <exception cref="UnavailableException">Another process watches the environment, or the disk does not take what was seen.</exception>
    public Task<WatchRecord> RunAsync(CancellationToken cancellationToken) => RunAsync(Continued, cancellationToken);

    /// <summary>The same from the beginning, whatever was watched before.</summary>
    /// <inheritdoc cref="RunAsync(CancellationToken)" path="/exception"/>
    public Task<WatchRecord> RunAnewAsync(CancellationToken cancellationToken) => RunAsync(_ => Begun(), cancellationToken);

    private async Task<WatchRecord> RunAsync(Func<WatchFile, WatchState> begin, CancellationToken cancellationToken)
    {
        using var file = WatchFile.Open(runbook.Directory, environment.Name);
        using var notifier = new Notifier(_settings.Notify, runbook.Directory, options.Language, Tell);
        _state = begin(file);
        var interrupted = false;
        try
        {
            await RoundsAsync(file, notifier, cancellationToken);
            await DeliverTheRestAsync(file, notifier, cancellationToken);
            _state = _state with { Finished = true };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever ends it wants to know what was seen so far.
            interrupted = true;
        }
        finally
        {
            await DisconnectAsync();
        }

        file.Write(_state);
        return Record() with { Interrupted = interrupted };
    }

    private WatchState Begun() => new() { StartedAt = time.GetUtcNow(), Run = NewestRun() };

    private WatchState Continued(WatchFile file) =>
        file.Read() is { Finished: false } state && state.Run == NewestRun() ? state with { Resumed = state.Resumed + 1 } : Begun();

    private string? NewestRun() => Path.GetFileName(RunFolder.LatestMigration(runbook.Directory, environment.Name));

    private async Task RoundsAsync(WatchFile file, Notifier notifier, CancellationToken cancellationToken)
    {
        do
        {
            var failures = _state.Failures.Count;
            await RoundAsync(cancellationToken);
            // First kept, then sent: what was sent is never forgotten, and what was not is sent by the next process.
            file.Write(_state);
            await DeliverAsync(file, notifier);
            if (_settings.StopOnFailure && _state.Failures.Count > failures)
                return;
            await Task.Delay(_settings.Every, time, cancellationToken);
        }
        while (time.GetUtcNow() < _state.Until(_settings));
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        _state = _state with { Rounds = _state.Rounds + 1 };
        try
        {
            _database ??= await ConnectAsync(cancellationToken);
            // Whoever watches must not hang with those whom he watches.
            _database.QueryLockTimeout = _settings.Blocked;
            var troubles = await LookAsync(_database, cancellationToken);
            var checks = (await CheckRunner.RunAsync(runbook.Checks, CheckMoment.After, _database, cancellationToken)).Where(check => !check.Skipped).ToList();
            Reached();
            Note([.. troubles ?? [], .. checks.Where(check => !check.Passed).Select(check => new Trouble("check", check.Name, check.Difference))], checks, open => open.Trouble.Kind is "check" or "unreachable" || troubles is not null);
        }
        catch (UnavailableException error)
        {
            await DisconnectAsync();
            Missed(error);
        }
    }

    /// <summary>What was seen of one database says nothing of another that has its address now.</summary>
    private async Task<Database> ConnectAsync(CancellationToken cancellationToken)
    {
        var database = await engine.ConnectAsync(environment.Url, $"eclusier {options.ToolVersion} watch", cancellationToken);
        var identity = await database.IdentifyAsync(cancellationToken);
        if (_state.Identity is { } then && !then.Is(identity))
        {
            Tell(new Text("this is another database than the one that was watched: watched anew from here", "ceci est une autre base que celle qui était surveillée : la surveillance recommence ici"));
            _state = Begun() with { Rounds = 1, Outbox = _state.Outbox, Notices = _state.Notices };
        }

        _state = _state with { Identity = identity };
        return database;
    }

    /// <summary>What the server's figures show; null where they cannot be had.</summary>
    private async Task<IReadOnlyList<Trouble>?> LookAsync(Database database, CancellationToken cancellationToken)
    {
        if (database.Health is not { } health)
            return [];
        try
        {
            var now = await health.LookAsync(cancellationToken);
            _refused = false;
            var (state, troubles, reset) = _look.Judge(_settings, _state, now);
            _state = state;
            if (reset)
                Tell(new Text("the server's statistics were reset, counted anew from here", "les statistiques du serveur ont été remises à zéro, décompte repris ici"));
            return troubles;
        }
        catch (RefusedException error)
        {
            if (!_refused)
                Tell(new Text($"the server's statistics cannot be read: {error.Problem.En}", $"les statistiques du serveur ne peuvent pas être lues : {error.Problem.Fr}"));
            _refused = true;
            return null;
        }
    }

    private void Note(IReadOnlyList<Trouble> found, IReadOnlyList<CheckResult> checks, Func<OpenTrouble, bool> judged)
    {
        var now = time.GetUtcNow();
        var each = found.DistinctBy(trouble => trouble.Key, StringComparer.Ordinal).ToList();
        var (state, began, ended) = _state.After(each, checks, judged, now);
        _state = state;
        foreach (var trouble in began)
        {
            Announce(trouble);
            Send("began", trouble, now);
        }

        foreach (var over in ended)
        {
            Announce(over);
            Send("ended", over.Trouble, over.Since);
        }
    }

    private void Announce(Trouble trouble)
    {
        if (trouble.Kind == "check")
            Tell(new Text($"FAILED  {trouble.Said.En}", $"ÉCHEC  {trouble.Said.Fr}"));
        else if (trouble.IsFailure)
            Tell(new Text($"ALERT  {trouble.Said.En}", $"ALERTE  {trouble.Said.Fr}"));
    }

    private void Announce(OpenTrouble over)
    {
        if (over.Trouble.Kind == "check")
            Tell(new Text($"passes again: {over.Trouble.Name}", $"de nouveau réussi : {over.Trouble.Name}"));
        else if (over.Trouble.IsFailure)
            Tell(new Text($"over: {over.Trouble.Said.En}", $"terminé : {over.Trouble.Said.Fr}"));
    }

    private void Send(string happening, Trouble trouble, DateTimeOffset since)
    {
        var number = _state.Notices + 1;
        var notice = new Notice($"{_state.StartedAt.UtcDateTime:yyyyMMddHHmmss}-{number}", happening, runbook.Name, environment.Name, trouble.Kind, trouble.Name, since, time.GetUtcNow(), trouble.Said);
        if (Notifier.Pending(_settings.Notify, notice) is { } pending)
            _state = _state with { Notices = number, Outbox = [.. _state.Outbox, pending] };
    }

    /// <summary>Not cancelled in the middle: nobody could tell then whether it arrived.</summary>
    private async Task DeliverAsync(WatchFile file, Notifier notifier)
    {
        if (_state.Outbox.Count == 0)
            return;
        _state = _state with { Outbox = await notifier.DeliverAsync(_state.Outbox, CancellationToken.None) };
        file.Write(_state);
    }

    /// <summary>There is no next round in which it would be tried again.</summary>
    private async Task DeliverTheRestAsync(WatchFile file, Notifier notifier, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= LastAttempts && _state.Outbox.Count > 0; attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
            await DeliverAsync(file, notifier);
        }
    }

    /// <summary>A server that is started again is no failed check; one that stays away is told at the end.</summary>
    private void Missed(EclusierException error)
    {
        if (_state.MissedInARow == 0)
            Tell(new Text($"not reached, asked again: {error.Problem.En}", $"injoignable, nouvel essai : {error.Problem.Fr}"));
        _state = _state with { Unreachable = _state.Unreachable + 1, MissedInARow = _state.MissedInARow + 1 };
        if (_state.MissedInARow >= MissedBeforeNotice)
            Note([new Trouble("unreachable", "", error.Problem)], [], _ => false);
    }

    private void Reached()
    {
        if (_state.MissedInARow > 0)
            Tell(new Text("reached again", "de nouveau joignable"));
        _state = _state with { MissedInARow = 0 };
    }

    private void Tell(Text what)
    {
        var at = $"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm:ss}";
        tell(new Text($"{at}  {what.En}", $"{at}  {what.Fr}"));
    }

    private async Task DisconnectAsync()
    {
        if (_database is { } open)
            await open.DisposeAsync();
        _database = null;
        _look.Disconnected();
    }

    private WatchRecord Record() => new(environment.Name, _state.StartedAt, time.GetUtcNow(), _state.Rounds, _state.Failures, _state.Unreachable, _state.MissedInARow == 0)
    {
        Until = _state.Until(_settings),
        Resumed = _state.Resumed,
        Statistics = _state.Grown,
        Undelivered = _state.Outbox.Count,
    };
}

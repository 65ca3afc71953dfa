using Eclusier.Checks;
using Eclusier.Runbooks;
using Eclusier.Runs;

namespace Eclusier.Watching;

/// <summary>Asks the runbook's checks again and again after a run. Says nothing while all is well.</summary>
/// <param name="tell">Gets one line when a check begins to fail, and when it passes again.</param>
public sealed class WatchRun(Runbook runbook, TargetEnvironment environment, Engine engine, RunOptions options, Action<Text> tell, TimeProvider time)
{
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private readonly List<WatchFailure> _failures = [];
    private Database? _database;
    private bool _reached = true;
    private int _rounds;
    private int _unreachable;

    /// <summary>Until the time is over, or somebody ends it.</summary>
    public async Task<WatchRecord> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        try
        {
            do
            {
                await RoundAsync(cancellationToken);
                await Task.Delay(runbook.Watch.Every, time, cancellationToken);
            }
            while (time.GetUtcNow() - started < runbook.Watch.For);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever ends it wants to know what was seen so far.
        }
        finally
        {
            await DisconnectAsync();
        }

        return new WatchRecord(environment.Name, started, time.GetUtcNow(), _rounds, _failures, _unreachable, _reached);
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        _rounds++;
        try
        {
            _database ??= await engine.ConnectAsync(environment.Url, $"eclusier {options.ToolVersion} watch", cancellationToken);
            var results = await CheckRunner.RunAsync(runbook.Checks, CheckMoment.After, _database, cancellationToken);
            Reached();
            foreach (var result in results.Where(result => !result.Skipped))
                Note(result);
        }
        catch (EclusierException error) when (error.ExitCode == ExitCode.Unavailable)
        {
            await DisconnectAsync();
            Missed(error);
        }
    }

    private void Note(CheckResult result)
    {
        if (result.Passed && _failing.Remove(result.Name))
            Tell(new Text($"passes again: {result.Name}", $"de nouveau réussi : {result.Name}"));
        if (result.Passed || !_failing.Add(result.Name))
            return;
        _failures.Add(new WatchFailure(time.GetUtcNow(), result));
        Tell(new Text($"FAILED  {result.Difference.En}", $"ÉCHEC  {result.Difference.Fr}"));
    }

    /// <summary>A server that is started again is no failed check; one that stays away is told at the end.</summary>
    private void Missed(EclusierException error)
    {
        _unreachable++;
        if (_reached)
            Tell(new Text($"not reached, asked again: {error.Problem.En}", $"injoignable, nouvel essai : {error.Problem.Fr}"));
        _reached = false;
    }

    private void Reached()
    {
        if (!_reached)
            Tell(new Text("reached again", "de nouveau joignable"));
        _reached = true;
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
    }
}

using Eclusier.Mongo.Driver;
using Eclusier.Planning;

namespace Eclusier.Mongo.Steps;

/// <summary>
/// Makes the copies of the next collections while the one whose turn it is goes on: small ones wait for the server more than they keep it busy. Only copies beside
/// the live collections are made; each is proved, indexed and put in its place by its own step, in the order of the plan. Not thread-safe.
/// </summary>
internal sealed class CopiesAhead : IAsyncDisposable
{
    /// <summary>Copies under way at the same time, that of the step itself among them; their ranges share the slots of the options.</summary>
    private const int Most = 4;

    private readonly Dictionary<string, (StepContext Context, Task<ShadowCopy> Copy)> _begun = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>The step's own copy; begins it, and those that follow, where they have not been begun.</summary>
    /// <exception cref="EclusierException">As <see cref="ShadowCopy.MakeAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more; it ends when this is disposed.</exception>
    public async Task<ShadowCopy> OfAsync(StepContext context, CancellationToken cancellationToken)
    {
        var following = context.Options.Next.Where(step => step.Kind == Step.Copy && step.SkipReason is null).Take(Most - 1);
        foreach (var step in following.Prepend(context.Step))
        {
            // What a run notes belongs to the step that is in hand.
            if (!_begun.ContainsKey(step.Migration))
                Begin(context with { Step = step, Options = context.Options with { Waiting = null } });
        }

        var copy = await _begun[context.Collection].Copy.WaitAsync(cancellationToken);
        _begun.Remove(context.Collection);
        return copy;
    }

    /// <summary>A step failed, and the run ends: nothing of what was begun for the others stays.</summary>
    public async Task AbandonAsync()
    {
        await EndAsync();
        foreach (var (context, _) in _begun.Values)
        {
            try
            {
                await ShadowCopy.RemoveAsync(context);
            }
            catch (MongoException)
            {
                // The failure itself matters more; `maintain` finds what is left.
            }
        }

        _begun.Clear();
    }

    /// <summary>What was begun stays, and the run that is taken up again goes on with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private void Begin(StepContext context) => _begun.Add(context.Collection, (context, Task.Run(() => ShadowCopy.MakeAsync(context, _end.Token))));

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        // How they end is told to nobody: their steps have no turn any more.
        await Task.WhenAll(_begun.Values.Select(begun => begun.Copy)).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}

using Eclusier.Checks;
using Eclusier.Runs;

namespace Eclusier.Decisions;

/// <summary>Computes go or no-go from the evidence, asks for approval where it is needed, and takes the invariants' values before.</summary>
internal static class DecidePhase
{
    public static Task RunAsync(RunContext run, CancellationToken cancellationToken) => run.PhaseAsync("decide", async () =>
    {
        var plan = run.Record.Plan!;
        var checks = await CheckRunner.RunAsync(run.Runbook.Checks, CheckMoment.Before, run.Target, cancellationToken);
        var evidence = new Evidence(
            run.Runbook, run.Environment, run.Record.Inspection!, plan, run.Record.Backup, run.Record.Rehearsal, checks, run.Time.GetUtcNow());
        var decision = Approve(run, DecisionMaker.Decide(evidence));
        if (decision.Outcome == Outcome.Go)
            decision = await StillTheSameAsync(run, decision, cancellationToken);
        var invariants = decision.Outcome == Outcome.Go
            ? await InvariantRunner.CaptureAsync(run.Runbook.Invariants, run.Target, cancellationToken)
            : [];
        return new JournalEntry { Event = "", Decision = decision, Invariants = invariants };
    });

    /// <summary>Asks whom it needs to ask.</summary>
    public static Decision Approve(RunContext run, Decision decision)
    {
        var title = new Text("Approved", "Approuvée");
        if (run.Options.ApprovedPlan is { } approved)
        {
            return approved == decision.PlanId
                ? Granted(run, decision, title, "plan-id")
                : decision.With(new Criterion("approval", title, Verdict.Failed,
                    new Text($"plan {approved} was approved, but the plan is now {decision.PlanId}", $"le plan {approved} a été approuvé, mais le plan est maintenant {decision.PlanId}"),
                    new Text("Read the plan again, and approve it by its id.", "Relisez le plan, puis approuvez-le par son identifiant.")));
        }

        if (decision.Outcome == Outcome.NoGo)
            return decision; // Nobody is asked to approve what will not run.
        if (run.Environment.Protected)
        {
            return run.Observer.Ask(decision, run.Environment.Name)
                ? Granted(run, decision, title, "typed")
                : decision.With(new Criterion("approval", title, Verdict.Failed,
                    new Text($"{run.Environment.Name} is protected, and nobody approved plan {decision.PlanId}", $"{run.Environment.Name} est protégé, et personne n'a approuvé le plan {decision.PlanId}"),
                    new Text($"Run `eclusier {run.Record.Command()} --approve {decision.PlanId}`, or type the environment's name at a terminal.", $"Lancez `eclusier {run.Record.Command()} --approve {decision.PlanId}`, ou tapez le nom de l'environnement dans un terminal.")));
        }

        return run.Options.Yes || run.Observer.Ask(decision, expected: null)
            ? Granted(run, decision, title, "not-needed")
            : decision.With(new Criterion("approval", title, Verdict.Failed, new Text("refused at the terminal", "refusée au terminal")));
    }

    private static Decision Granted(RunContext run, Decision decision, Text title, string how) =>
        decision.With(new Criterion("approval", title, how == "not-needed" ? Verdict.NotAsked : Verdict.Passed,
            how == "not-needed"
                ? new Text($"{run.Environment.Name} is not protected", $"{run.Environment.Name} n'est pas protégé")
                : new Text($"plan {decision.PlanId}, by {run.Options.ExecutedBy}", $"plan {decision.PlanId}, par {run.Options.ExecutedBy}")))
        with
        { Approval = new Approval(run.Options.ExecutedBy, how, run.Time.GetUtcNow()) };

    /// <summary>Time has passed since the plan was made: the files and the database must still be what was approved.</summary>
    private static async Task<Decision> StillTheSameAsync(RunContext run, Decision decision, CancellationToken cancellationToken)
    {
        var now = await run.Target.PlanAsync(run.Runbook, run.Environment, cancellationToken);
        return now.Id == decision.PlanId
            ? decision
            : decision.With(new Criterion("unchanged", new Text("Nothing changed since the plan", "Rien n'a changé depuis le plan"), Verdict.Failed,
                new Text($"the plan was {decision.PlanId} and would now be {now.Id}", $"le plan était {decision.PlanId} et serait maintenant {now.Id}"),
                new Text("A file or the database changed meanwhile. Run `migrate` again.", "Un fichier ou la base a changé entre-temps. Relancez `migrate`.")));
    }
}

using Eclusier.Evidence;
using Eclusier.Runs;

namespace Eclusier.Decisions;

/// <summary>
/// Nothing is changed without consent: somebody at a terminal, the plan's id given with <c>--approve</c>, or where the environment is not
/// protected the option <c>--yes</c>. Only the first two are an approval by somebody.
/// </summary>
internal static class Consent
{
    private static readonly Text Title = new("Approved", "Approuvée");

    /// <summary>What is known before anything is prepared: the option approves another plan, or nobody can say yes at all.</summary>
    /// <param name="byName">The environment's name or the plan's id is needed; a yes is not enough.</param>
    /// <returns>Null: consent is given, or can still be had. On a protected environment it can: who approves the plan's id later should see the evidence first.</returns>
    public static Criterion? Missing(RunContext run, string planId, bool byName)
    {
        if (run.Options.ApprovedPlan is { } approved)
        {
            return approved == planId ? null : Refused(
                new Text($"plan {approved} was approved, but the plan is now {planId}", $"le plan {approved} a été approuvé, mais le plan est maintenant {planId}"),
                new Text("Read the plan again, and approve it by its id.", "Relisez le plan, puis approuvez-le par son identifiant."));
        }

        return byName || run.Options.Yes || run.Observer.CanAsk ? null : Refused(
            new Text($"nobody can be asked here, and nobody consented to plan {planId}", $"personne ne peut être interrogé ici, et personne n'a consenti au plan {planId}"),
            new Text(
                $"Read the plan, then give the same command the option --yes: eclusier {run.Record.Command()} --yes. Or start it at a terminal, which asks.",
                $"Lisez le plan, puis donnez à la même commande l'option --yes : eclusier {run.Record.Command()} --yes. Ou lancez-la dans un terminal, où la question sera posée."));
    }

    /// <summary>The decision with the consent, or with the want of it. Nobody is asked about what will not run.</summary>
    /// <inheritdoc cref="Missing" path="/param"/>
    /// <exception cref="OperationCanceledException">Ctrl-C at the question.</exception>
    public static async Task<Decision> AskAsync(RunContext run, Decision decision, bool byName, CancellationToken cancellationToken)
    {
        if (Missing(run, decision.PlanId, byName) is { } missing)
            return decision.With(missing);
        if (run.Options.ApprovedPlan is not null)
            return Approved(run, decision, ApprovalKind.PlanId);
        if (decision.Outcome == Outcome.NoGo)
            return decision;
        if (run.Options.Yes && !byName)
            return Unasked(run, decision);
        var (name, planId) = (run.Environment.Name, decision.PlanId);
        var answer = run.Observer.CanAsk
            ? await run.Observer.AskAsync(new Question(run.Record, decision, byName ? name : null), cancellationToken)
            : Answer.None;
        if (answer == Answer.Consent)
            return Approved(run, decision, byName ? ApprovalKind.Typed : ApprovalKind.Answered);
        if (answer == Answer.Refusal)
            return decision.With(Refused(new Text("refused at the terminal", "refusée au terminal"), remedy: null));
        return decision.With(byName
            ? Refused(
                new Text($"{name} is protected, and nobody approved plan {planId}", $"{name} est protégé, et personne n'a approuvé le plan {planId}"),
                new Text(
                    $"Run `eclusier {run.Record.Command()} --approve {planId}`, or type the environment's name at a terminal.",
                    $"Lancez `eclusier {run.Record.Command()} --approve {planId}`, ou tapez le nom de l'environnement dans un terminal."))
            : Refused(new Text("nobody answered", "personne n'a répondu"), remedy: null));
    }

    private static Decision Approved(RunContext run, Decision decision, ApprovalKind how)
    {
        var by = run.Options.ExecutedBy;
        var criterion = new Criterion("approval", Title, Verdict.Passed, new Text($"plan {decision.PlanId}, by {by}", $"plan {decision.PlanId}, par {by}"));
        return decision.With(criterion) with { Approval = new Approval(by, how, run.Time.GetUtcNow()) };
    }

    /// <summary>The option stands in a script as often as under somebody's fingers: it is nobody's approval.</summary>
    private static Decision Unasked(RunContext run, Decision decision)
    {
        var criterion = new Criterion(
            "approval", Title, Verdict.NotAsked, new Text("nobody was asked: the option --yes was given", "personne n'a été interrogé : l'option --yes était donnée"));
        return decision.With(criterion) with { Approval = new Approval(By: null, ApprovalKind.YesOption, run.Time.GetUtcNow()) };
    }

    private static Criterion Refused(Text evidence, Text? remedy) => new("approval", Title, Verdict.Failed, evidence, remedy);
}

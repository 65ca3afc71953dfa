using Eclusier.Cli.Rendering;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runs;

namespace Eclusier.Cli;

/// <summary>A run as lines on standard error: quiet, in order, readable in a log as on a terminal.</summary>
internal sealed class ConsoleObserver(Language language, bool silent) : IRunObserver
{
    /// <summary>Criteria that stood before the question are not told again after it.</summary>
    private int _shown;

    private readonly Pulse _pulse = new();

    public void PhaseStarted(Phase phase)
    {
        if (phase == Phase.Decide)
            _shown = 0;
        if (phase == Phase.Apply)
            Write(Name(phase).TrimEnd());
        else
            _pulse.Begin(since => Write(Colour.Faint($"{Name(phase)}{since.TotalSeconds,6:0} s  …")));
    }

    public void PhaseFinished(Phase phase, RunRecord evidence)
    {
        _pulse.End();
        if (phase == Phase.Apply)
            return;
        var seconds = (evidence.Timeline[^1].DurationMs ?? 0) / 1000;
        Write($"{Name(phase)}{Colour.Faint($"{Formats.Of(language).Decimal(seconds, "0.0"),6} s")}  {Painted(phase, evidence, Said(phase, evidence).LineIn(language))}");
        foreach (var unproven in Unproven(phase, evidence))
            Write($"  {Colour.Yellow(unproven.LineIn(language))}");
        if (phase == Phase.Decide)
            Criteria(evidence.Decision!);
    }

    public void StepStarted(Step step, int number, int total)
    {
        var title = $"{Place(number, total)}  {Visible.Line(MigrationTitle.Of(step.Migration, step.Name))}";
        if (!silent && !Console.IsErrorRedirected)
            Console.Error.Write(Terminal.Shown($"  {title} …"));
        _pulse.Begin(since => Write(Colour.Faint($"  {title}: {since.TotalSeconds:0} s …")));
    }

    public void StepFinished(StepResult result, int number, int total)
    {
        _pulse.End();
        var said = Counted.Verdict(result).In(language);
        var verdict = result.Status == StepStatus.Applied ? Colour.Green(said) : Colour.Red(said);
        if (!silent && !Console.IsErrorRedirected)
            Console.Error.Write('\r');
        Write($"  {Place(number, total)}  {Visible.Line(MigrationTitle.Of(result.Migration, result.Name)),-40}  {Colour.Faint($"{result.DurationMs,7:0} ms")}  {verdict}");
        foreach (var table in result.Partitioned)
            Write(Colour.Faint($"         {Proof(table).LineIn(language)}"));
    }

    private static Text Proof(PartitionResult table) => new(
        $"{table.Table}: {English.Count(table.Rows, "row")} in {English.Count(table.Partitions.Count, "partition")}, the same by hash; the former table stays as {table.Kept}",
        $"{table.Table} : {French.Count(table.Rows, "ligne")} en {French.Count(table.Partitions.Count, "partition")}, identiques par empreinte ; l'ancienne table reste sous {table.Kept}");

    public void Progress(Text message) => Write(Colour.Faint($"  {message.LineIn(language)}"));

    public bool CanAsk => !silent && ConsentDialog.IsPossible;

    /// <summary>The plan with its hazards, the criteria, and then the question.</summary>
    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        // Whoever is asked has time.
        _pulse.End();
        var evidence = question.Evidence;
        if (evidence.Baseline is { } baseline)
            Write(BaselineView.Of(baseline, language));
        else if (evidence.Plan is { Steps.Count: > 0 } plan)
            Write(PlanView.Of(plan, language));
        Criteria(question.Decision);
        return new ConsentDialog(language).AskAsync(question, cancellationToken);
    }

    /// <summary>Each criterion, that a person may see why the gate opens or stays shut.</summary>
    private void Criteria(Decision decision)
    {
        var width = decision.Criteria.Max(criterion => criterion.Title.In(language).Length);
        foreach (var criterion in decision.Criteria.Skip(_shown))
        {
            Write($"  {Verdict(criterion.Verdict)}  {criterion.Title.In(language).PadRight(width)}  {criterion.Evidence.LineIn(language)}");
            if (criterion.Verdict == Evidence.Verdict.Failed && criterion.Remedy is { } remedy)
                Write($"              {remedy.LineIn(language)}");
        }

        _shown = decision.Criteria.Count;
    }

    private string Verdict(Verdict verdict) => verdict switch
    {
        Evidence.Verdict.Passed => Colour.Green($"{verdict.Name().In(language),-7}"),
        Evidence.Verdict.Warning => Colour.Yellow($"{verdict.Name().In(language),-7}"),
        Evidence.Verdict.Failed => Colour.Red($"{verdict.Name().In(language),-7}"),
        _ => Colour.Faint("-      "),
    };

    private static IEnumerable<Text> Unproven(Phase phase, RunRecord evidence) => phase switch
    {
        Phase.Backup or Phase.Restore when evidence.Backup?.Restore is { } restore => restore.MissingExtensions.Select(extension => extension.Said(restore.On)),
        Phase.Rehearse when evidence.Rehearsal is { } rehearsal => rehearsal.Unproven(counted: evidence.Backup?.Restore is not null),
        _ => [],
    };

    private static string Painted(Phase phase, RunRecord evidence, string said) =>
        phase != Phase.Decide ? said : evidence.Decision is { Outcome: Outcome.Go } ? Colour.Green(said) : Colour.Red(said);

    private string Name(Phase phase) => $"{phase.Name().In(language),-14}";

    private static string Place(int number, int total) => $"{number}/{total}".PadLeft((2 * total.ToString().Length) + 1);

    private static Text Said(Phase phase, RunRecord evidence) => phase switch
    {
        Phase.Inspect when evidence.Inspection is { System: DatabaseSystem.MongoDb } mongo => new Text(
            $"MongoDB {mongo.ServerVersion}, {English.Count(mongo.Collections.Count, "collection")}, {English.Count(mongo.Collections.Sum(c => c.Documents), "document")}, {mongo.SizeBytes / 1048576.0:0.0} MB",
            $"MongoDB {mongo.ServerVersion}, {French.Count(mongo.Collections.Count, "collection")}, {French.Count(mongo.Collections.Sum(c => c.Documents), "document")}, {French.Decimal(mongo.SizeBytes / 1048576.0, "0.0")} Mo"),
        Phase.Inspect when evidence.Inspection is { } found => new Text(
            $"PostgreSQL {found.ServerVersion}, {English.Count(found.Tables.Count, "table")}, {English.Count(found.IndexCount, "index", "indexes")}, {found.SizeBytes / 1048576.0:0.0} MB",
            $"PostgreSQL {found.ServerVersion}, {French.Count(found.Tables.Count, "table")}, {found.IndexCount} index, {French.Decimal(found.SizeBytes / 1048576.0, "0.0")} Mo"),
        Phase.Plan when evidence.Plan is { } plan && evidence.Rollback is { } rollback => new Text($"{rollback.Reversals.Count} to undo, plan {plan.Id}", $"{rollback.Reversals.Count} à annuler, plan {plan.Id}"),
        Phase.Plan when evidence is { Plan: { } plan, Job: { } job } => new Text($"{job.Name}: {Text.Count(plan.Steps.Count, "step", "steps", "étape", "étapes").En}, plan {plan.Id}", $"{job.Name} : {Text.Count(plan.Steps.Count, "step", "steps", "étape", "étapes").Fr}, plan {plan.Id}"),
        Phase.Plan when evidence.Plan is { } plan && evidence.Kind == RunKind.Maintain => new Text($"{plan.Steps.Count} to drop, plan {plan.Id}", $"{plan.Steps.Count} à supprimer, plan {plan.Id}"),
        Phase.Plan when evidence.Plan is { } plan && evidence.OfCollections => new Text($"{plan.Steps.Count(step => step.SkipReason is null)} of {English.Count(plan.Steps.Count, "collection")} to copy, plan {plan.Id}", $"{French.Count(plan.Steps.Count(step => step.SkipReason is null), "collection")} à copier sur {plan.Steps.Count}, plan {plan.Id}"),
        Phase.Plan when evidence.Plan is { } plan => new Text($"{plan.Steps.Count} pending, plan {plan.Id}", $"{plan.Steps.Count} à appliquer, plan {plan.Id}"),
        Phase.Backup when evidence.Backup is { } backup => Said(backup),
        Phase.BackupAfter => evidence.BackupAfter is { } after ? Said(after) : new Text("FAILED", "ÉCHEC"),
        Phase.Rehearse => evidence.Rehearsal switch
        {
            { Passed: true } rehearsal when evidence.OfCollections => OnCopy(evidence.Rollback is null ? Counted.Applied(rehearsal.Steps.Count, collections: true) : Counted.Undone(rehearsal.Steps.Count, collections: true)),
            { Passed: true } rehearsal when evidence.Rollback is not null => Text.Count(rehearsal.Steps.Count, "migration undone on a restored copy", "migrations undone on a restored copy", "migration annulée sur une copie restaurée", "migrations annulées sur une copie restaurée"),
            { Passed: true } rehearsal => Text.Count(rehearsal.Steps.Count(step => step.Status != StepStatus.Unproven), "migration passed on a restored copy", "migrations passed on a restored copy", "migration réussie sur une copie restaurée", "migrations réussies sur une copie restaurée"),
            { Reference: { Differs: true } reference } => new Text($"FAILED: {reference.Summary.En}", $"ÉCHEC : {reference.Summary.Fr}"),
            { } => new Text("FAILED", "ÉCHEC"),
            _ => new Text("not possible", "impossible"),
        },
        Phase.Baseline when evidence.Baseline is { } baseline => BaselineView.Counts(baseline),
        Phase.Record when evidence.Baseline is { } baseline => Text.Count(baseline.Recorded.Count, "row written into the tracking table", "rows written into the tracking table", "ligne écrite dans la table de suivi", "lignes écrites dans la table de suivi"),
        Phase.Restore when evidence.Restore is { } restore => evidence.Backup?.Restore is { Passed: true } counted
            ? new Text($"{restore.Backup}: {English.Count(counted.Tables, "table")}, {English.Count(counted.Rows, "row")} beside the live database", $"{restore.Backup} : {French.Count(counted.Tables, "table")}, {French.Count(counted.Rows, "ligne")} à côté de la base en service")
            : new Text("not possible", "impossible"),
        Phase.Swap when evidence.Restore is { InPlace: true } replaced => new Text($"done in place, down for {replaced.DowntimeMs:0} ms; what was there is backup {replaced.Kept}", $"fait sur place, indisponible {replaced.DowntimeMs:0} ms ; le contenu d'avant est la sauvegarde {replaced.Kept}"),
        Phase.Swap when evidence.Restore is { } swap => swap.SwappedBack
            ? new Text($"back again, down for {swap.DowntimeMs:0} ms in all", $"retour à la base d'avant, indisponible {swap.DowntimeMs:0} ms en tout")
            : new Text($"done, down for {swap.DowntimeMs:0} ms; the former database is {swap.Kept}", $"fait, indisponible {swap.DowntimeMs:0} ms ; la base d'avant est {swap.Kept}"),
        Phase.Decide => Text.Same(evidence.Decision is { Outcome: Outcome.Go } ? "GO" : "NO-GO"),
        Phase.Verify => new Text(
            $"{evidence.Invariants.Count(i => i.Passed)}/{English.Count(evidence.Invariants.Count, "invariant")}, {evidence.Checks.Count(c => c.Passed)}/{English.Count(evidence.Checks.Count, "check")}{(evidence.Reference is { } there ? $", {there.Summary.En}" : "")}",
            $"{evidence.Invariants.Count(i => i.Passed)}/{French.Count(evidence.Invariants.Count, "invariant")}, {evidence.Checks.Count(c => c.Passed)}/{French.Count(evidence.Checks.Count, "contrôle")}{(evidence.Reference is { } autre ? $", {autre.Summary.Fr}" : "")}"),
        _ => Text.Same(""),
    };

    private static Text OnCopy(Text done) => new($"{done.En} on a restored copy", $"{done.Fr} sur une copie restaurée");

    private static Text Said(Backup backup) => new(
        $"{backup.Copies.Count(copy => copy.Verified)} of {English.Count(backup.Copies.Count, "copy", "copies")} verified{(backup.Restore is { } r ? r.Passed ? $", {English.Count(r.Rows, "row")} restored and counted" : ", restore FAILED" : "")}",
        $"{French.Count(backup.Copies.Count(copy => copy.Verified), "copie vérifiée")} sur {backup.Copies.Count}{(backup.Restore is { } f ? f.Passed ? $", {French.Count(f.Rows, "ligne restaurée et comptée")}" : ", restauration en ÉCHEC" : "")}");

    public void Write(string line)
    {
        if (!silent)
            Terminal.Tell(line);
    }
}

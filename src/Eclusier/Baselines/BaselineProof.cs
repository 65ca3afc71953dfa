using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Eclusier.Snapshots;

namespace Eclusier.Baselines;

/// <summary>
/// Proves what a database has: replays the migrations, judges them by what each leaves, and where some are missing in between replays those alone that
/// seem to be there, for the others may have changed what they leave.
/// </summary>
internal sealed class BaselineProof(Runbook runbook, TargetEnvironment environment, Database target, IMigrationHistory history, Sandbox sandbox, RunOptions options)
{
    private const int MostReplays = 4;

    public async Task<Baseline> FindAsync(Plan plan, CancellationToken cancellationToken)
    {
        var steps = history.Migrations(environment);
        var names = steps.Select(step => new MigrationName(step.Migration, step.FileName)).ToList();
        var applied = plan.Applied.Select(row => row.Version).ToHashSet(StringComparer.Ordinal);
        var replacements = new Replacements(runbook.Migrations.Replaces, names, applied, runbook.File);
        var marks = Mark.ByVersion(options.Marks, names, applied).Values.Select(mark => new Settlement(mark.Migration, mark.Verdict, mark.Because, options.ExecutedBy)).ToList();
        var remembered = await history.SettlementsAsync(cancellationToken);
        var surroundings = await history.SurroundingsAsync(environment.Platform, cancellationToken);
        var (replay, database) = (new Replay(runbook, sandbox, surroundings), history.InParts(await target.SnapshotAsync(cancellationToken)));

        var usual = await JudgeAsync(replay, database, [.. steps.Where(step => !replacements.Replaced.ContainsKey(step.Migration))], cancellationToken);
        var verdicts = usual.Verdicts.ToDictionary(verdict => verdict.Migration, StringComparer.Ordinal);
        var proofs = await ReplaceAsync(replay, database, steps, replacements, usual, verdicts, cancellationToken);
        await ProbeAsync(verdicts, names, cancellationToken);
        foreach (var mark in marks)
            verdicts[mark.Migration] = verdicts[mark.Migration].Marked(mark);
        var judged = WithEarlierMarks(Known(steps, verdicts, new Alternatives(replacements, verdicts, applied), plan, applied), remembered);
        return new Baseline(sandbox.Description, judged, proofs, Drift(usual, judged, database, surroundings))
        {
            RememberedBefore = remembered,
            Notes = replay.Unlike,
            WithoutFile = [.. plan.Applied.Where(row => !verdicts.ContainsKey(row.Version))],
        };
    }

    /// <param name="Whole">All of the migrations.</param>
    /// <param name="Present">The catalog that those alone lead to which are there.</param>
    private sealed record Judged(IReadOnlyList<MigrationVerdict> Verdicts, History Whole, CatalogSnapshot Present);

    private static async Task<Judged> JudgeAsync(Replay replay, CatalogSnapshot database, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var whole = await replay.RunAsync(steps, cancellationToken);
        var verdicts = Judgement.Of(whole, database);
        for (var replays = 1; ; replays++)
        {
            var there = verdicts.Where(verdict => verdict.Verdict != BaselineVerdict.Absent).Select(verdict => verdict.Step!).ToList();
            if (verdicts.Take(there.Count).All(verdict => verdict.Verdict != BaselineVerdict.Absent))
                return new Judged(await DoubtedAsync(replay, database, verdicts, whole with { Steps = [.. whole.Steps.Take(there.Count)] }, cancellationToken), whole, whole.After(there.Count));
            var part = await replay.RunAsync(there, cancellationToken);
            var before = verdicts;
            verdicts = Again(verdicts, whole, part, Judgement.Of(part, database));
            if (replays == MostReplays || verdicts.Select(verdict => verdict.Verdict).SequenceEqual(before.Select(verdict => verdict.Verdict)))
                return new Judged(await DoubtedAsync(replay, database, verdicts, part, cancellationToken), whole, part.End);
        }
    }

    /// <summary>
    /// Where some are missing in between, nobody knows in which order the others came. What only its neighbours speak for, what later ones changed since, or
    /// what others make as well may be missing, too: it is there only where those that are there need it. So is, hole or not, what its objects alone do not prove.
    /// </summary>
    private static async Task<IReadOnlyList<MigrationVerdict>> DoubtedAsync(
        Replay replay, CatalogSnapshot database, IReadOnlyList<MigrationVerdict> verdicts, History there, CancellationToken cancellationToken)
    {
        var last = verdicts.Index().LastOrDefault(verdict => verdict.Item.Verdict == BaselineVerdict.Present).Index;
        var hasHole = verdicts.Take(last).Any(verdict => verdict.Verdict == BaselineVerdict.Absent);
        var doubtful = verdicts.Where(verdict => IsHalfProven(verdict) || (hasHole && IsDoubtful(verdict))).ToList();
        if (doubtful.Count == 0)
            return verdicts;
        var asked = doubtful.Where(verdict => verdict.Verdict == BaselineVerdict.Present || IsHalfProven(verdict)).Select(verdict => verdict.Step!).ToList();
        var inferred = verdicts.Where(verdict => verdict is { IsInferred: true, Verdict: BaselineVerdict.Present }).Select(verdict => verdict.Step!).ToList();
        var needed = await new Need(replay, there, database, asked, inferred).FindAsync(cancellationToken);
        return [.. verdicts.Select(verdict => doubtful.Contains(verdict) ? Weighed(verdict) : verdict)];

        static bool IsDoubtful(MigrationVerdict verdict) =>
            verdict.Step!.Statements.Count > 0 && (verdict.IsInferred || verdict is { Verdict: BaselineVerdict.Present, IsOvertaken: true });

        // Where others need what it made, it has run, and in one transaction with its rows.
        static bool IsHalfProven(MigrationVerdict verdict) => verdict is { Verdict: BaselineVerdict.Undecidable, IsOvertaken: true, Findings.Count: > 0, IsReplayed: true, Step.Transactional: true };

        MigrationVerdict Weighed(MigrationVerdict verdict) =>
            needed.Contains(verdict.Migration) ? verdict with { Verdict = BaselineVerdict.Present, Basis = VerdictBasis.OtherMigrations, Reason = Needed }
            : IsHalfProven(verdict) ? verdict
            : verdict with { Verdict = BaselineVerdict.Undecidable, Basis = null, Reason = verdict.IsInferred ? Doubt : Doubled };
    }

    private static Text Needed => new("those that are there need it", "celles qui sont là en ont besoin");

    private static Text Doubt => new("leaves no trace, and others are missing in between: only a probe can tell", "ne laisse aucune trace, et d'autres manquent entre-temps : seule une sonde (probe) peut trancher");

    private static Text Doubled => new("what it made is there, and others that may be there make the same: only a probe can tell", "ce qu'elle a fait est là, et d'autres qui sont peut-être là font la même chose : seule une sonde (probe) peut trancher");

    /// <summary>
    /// The verdicts after another look at those that seem to be there. One that ran among all of them and cannot run without the absent ones needs what
    /// those make: it cannot have run here. Where something else speaks of it, that counts.
    /// </summary>
    private static IReadOnlyList<MigrationVerdict> Again(IReadOnlyList<MigrationVerdict> verdicts, History whole, History part, IReadOnlyList<MigrationVerdict> seen)
    {
        var ran = whole.Steps.Where(step => step.Problem is null).Select(step => step.Step.Migration).ToHashSet(StringComparer.Ordinal);
        var again = part.Steps.Zip(seen).ToDictionary(pair => pair.Second.Migration, StringComparer.Ordinal);
        return [.. verdicts.Select(verdict => again.TryGetValue(verdict.Migration, out var now) ? Look(verdict, now.First, now.Second) : verdict)];

        MigrationVerdict Look(MigrationVerdict before, HistoryStep step, MigrationVerdict now) =>
            step.Problem is null || !ran.Contains(before.Migration) ? now
            : before.Verdict == BaselineVerdict.Undecidable && step.Unreplayed.FirstOrDefault(statement => statement.LacksSomething) is { } refused ? before with
            {
                Verdict = BaselineVerdict.Absent,
                Basis = VerdictBasis.OtherMigrations,
                Reason = new Text($"needs what absent ones make: {refused.Message.En} ({refused.Where})", $"a besoin de ce que font des absentes : {refused.Message.Fr} ({refused.Where})"),
            }
            : before;
    }

    /// <summary>Judges each migration that stands for others in a history where it stands in their place.</summary>
    private static async Task<IReadOnlyList<ReplacementProof>> ReplaceAsync(
        Replay replay, CatalogSnapshot database, IReadOnlyList<Step> steps, Replacements replacements, Judged usual, Dictionary<string, MigrationVerdict> verdicts, CancellationToken cancellationToken)
    {
        var proofs = new List<ReplacementProof>();
        foreach (var (one, others) in replacements.Replaced)
        {
            bool IsInstead(Step step) => step.Migration == one || (!others.Contains(step.Migration) && !replacements.Replaced.ContainsKey(step.Migration));
            var instead = await JudgeAsync(replay, database, [.. steps.Where(IsInstead)], cancellationToken);
            verdicts[one] = instead.Verdicts.Single(verdict => verdict.Migration == one);
            proofs.Add(Compare(one, others, usual.Whole.End, instead.Whole.End));
        }

        return proofs;
    }

    private static ReplacementProof Compare(string one, IReadOnlyList<string> others, CatalogSnapshot usual, CatalogSnapshot instead) => usual.Fingerprint == instead.Fingerprint
        ? new ReplacementProof(one, others, Equivalent: true, [])
        : new ReplacementProof(one, others, Equivalent: false, [.. usual.Objects.Concat(instead.Objects).DistinctBy(found => found.Key).Where(found => usual.Find(found)?.Definition != instead.Find(found)?.Definition).Select(found => found.ToString())]);

    /// <summary>Asks the runbook's queries, which know of rows what the catalog cannot tell.</summary>
    private async Task ProbeAsync(Dictionary<string, MigrationVerdict> verdicts, IReadOnlyList<MigrationName> names, CancellationToken cancellationToken)
    {
        foreach (var (name, sql) in runbook.Migrations.Probes)
        {
            var version = MigrationOrder.Find(name, names, "probe", runbook.File).Version;
            verdicts[version] = await ProbedAsync(verdicts[version], sql, cancellationToken);
        }
    }

    private static List<MigrationVerdict> Known(IReadOnlyList<Step> steps, Dictionary<string, MigrationVerdict> verdicts, Alternatives alternatives, Plan plan, HashSet<string> applied)
    {
        var skipped = plan.Steps.Where(step => step.SkipReason is not null && !alternatives.Contains(step.Migration)).ToDictionary(step => step.Migration, step => step.SkipReason, StringComparer.Ordinal);
        return
        [
            .. steps.Select(step => verdicts[step.Migration] with
            {
                Recorded = applied.Contains(step.Migration),
                NotNeeded = alternatives.NotNeeded(step.Migration) ?? skipped.GetValueOrDefault(step.Migration),
            }),
        ];
    }

    /// <summary>What was said before holds as long as the catalog cannot tell by itself.</summary>
    private static List<MigrationVerdict> WithEarlierMarks(List<MigrationVerdict> judged, IReadOnlyList<Settlement> remembered)
    {
        var marks = remembered.Where(known => known.By is not null).ToDictionary(known => known.Migration, StringComparer.Ordinal);
        return [.. judged.Select(verdict => verdict.Unsettled && marks.TryGetValue(verdict.Migration, out var mark) ? verdict.Marked(mark) : verdict)];
    }

    private async Task<MigrationVerdict> ProbedAsync(MigrationVerdict verdict, string sql, CancellationToken cancellationToken)
    {
        try
        {
            var result = await target.QueryAsync(sql, cancellationToken);
            return verdict.Probed(result.Rows is [[{ } answer, ..], ..] && answer is "t" or "true");
        }
        catch (CheckFailedException refused)
        {
            return verdict with { Reason = Text.Join([verdict.Reason, new Text($"its probe cannot be asked: {refused.Problem.En}", $"sa sonde ne peut pas être posée : {refused.Problem.Fr}")]) };
        }
    }

    /// <summary>What is named as evidence of a migration that is there in part is explained already; owners that nobody chose are anybody's.</summary>
    private IReadOnlyList<ObjectDifference> Drift(Judged usual, IReadOnlyList<MigrationVerdict> verdicts, CatalogSnapshot database, Surroundings surroundings)
    {
        var named = verdicts.SelectMany(verdict => verdict.Findings).Where(found => found.Finding is Presence.Different or Presence.Missing).Select(found => (found.Kind, found.Name)).ToHashSet();
        DatabaseSnapshot Snapshot(CatalogSnapshot catalog) => new("", "", default, Platforms.Without(surroundings.Platform, catalog).Objects, Applied: null);
        return [.. DatabaseComparison.Of(Snapshot(usual.Present.WithoutServer()), Snapshot(database.AsReplayed(usual.Present)), runbook.Ignore).Objects.Where(difference => !named.Contains((difference.Kind, difference.Name)))];
    }
}

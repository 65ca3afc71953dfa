using Eclusier.Catalog;

namespace Eclusier.Baselines;

/// <summary>
/// Judges which migrations of a history a database has. Each object that a history touches has a trail of states; the state in which the database has
/// it says of every migration on the trail whether it came before or after. Where a state occurs twice on a trail (made and dropped again), the other
/// migrations' verdicts decide, as far as they can.
/// </summary>
internal sealed class Judgement
{
    /// <summary>Verdicts that lean on each other settle in a few rounds; contradictory ones never do.</summary>
    private const int MostRounds = 10;

    /// <summary>Kinds of statements that may do something of which the catalog tells nothing.</summary>
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal) { "insert", "update", "delete", "merge", "copy", "do", "call", "select", "truncate", "execute", "unclassified" };

    private readonly History _history;
    private readonly ILookup<int, (Trail Trail, int Position, IReadOnlyList<int> Like)> _touched;
    private readonly BaselineVerdict[] _verdicts;

    private Judgement(History history, CatalogSnapshot database)
    {
        _history = history;
        _touched = Trail.Of(history)
            .Select(trail => (Trail: trail, Like: trail.PositionsLike(database)))
            .SelectMany(seen => seen.Trail.Steps.Select(step => (Step: step, Seen: (seen.Trail, seen.Trail.PositionOf(step), seen.Like))))
            .ToLookup(touch => touch.Step, touch => touch.Seen);
        _verdicts = new BaselineVerdict[history.Steps.Count];
        Array.Fill(_verdicts, BaselineVerdict.Undecidable);
    }

    /// <summary>One verdict for each migration of the history.</summary>
    public static IReadOnlyList<MigrationVerdict> Of(History history, CatalogSnapshot database) => new Judgement(history, database).Verdicts();

    private MigrationVerdict[] Verdicts()
    {
        for (var (round, moved) = (0, true); moved && round < MostRounds; round++)
        {
            moved = false;
            for (var step = 0; step < _verdicts.Length; step++)
            {
                var verdict = OfFindings(FindingsOf(step));
                moved |= verdict != _verdicts[step];
                _verdicts[step] = verdict;
            }
        }

        return [.. Enumerable.Range(0, _verdicts.Length).Select(Verdict)];
    }

    private MigrationVerdict Verdict(int step)
    {
        var (migration, findings) = (_history.Steps[step], FindingsOf(step));
        var implied = _verdicts[step] == BaselineVerdict.Undecidable && migration.Problem is null ? ImpliedByTheOthers(step) : null;
        _verdicts[step] = implied?.Verdict ?? _verdicts[step];
        return new MigrationVerdict
        {
            Migration = migration.Step.Migration,
            Name = migration.Step.Name,
            File = migration.Step.File,
            Step = migration.Step,
            Verdict = _verdicts[step],
            Reason = implied?.Reason ?? Reason(migration, findings),
            Findings = WithoutBelongings(findings),
        };
    }

    private List<(CatalogObject Object, ObjectFinding Finding)> FindingsOf(int step)
    {
        var found = _touched[step].Select(touch => (touch.Trail.Named, Finding: FindingOf(touch.Trail, touch.Position, touch.Like))).OrderBy(found => found.Named.Name, StringComparer.Ordinal).ToList();
        // What belongs to an object (its grants) came with it, whoever made it.
        var later = found.Where(each => each.Finding.Later is not null && !each.Named.IsTrait).DistinctBy(each => each.Named.Name).ToDictionary(each => each.Named.Name, each => each.Finding.Later, StringComparer.Ordinal);
        return [.. found.Select(each => each is { Finding: { Finding: Presence.Same, Later: null }, Named.Parent: { } parent } && later.TryGetValue(parent, out var by) ? (each.Named, each.Finding with { Later = by }) : each)];
    }

    private ObjectFinding FindingOf(Trail trail, int position, IReadOnlyList<int> like)
    {
        ObjectFinding Found(Presence finding, string? later = null) => new(trail.Named.Kind, trail.Named.Name, finding, later);
        if (like.Count == 0)
            return Found(IsOvertaken(trail, position) ? Presence.NoTrace : trail.IsRemovedAt(position) ? Presence.Missing : Presence.Different);
        if (Between(like, position) && like.Where(other => IsPossible(trail, other)).ToList() is { Count: > 0 } possible)
            like = possible;
        if (Between(like, position))
            return Found(Presence.NoTrace);
        return like[0] < position ? Found(Presence.Missing) : Found(Presence.Same, like.Contains(position) ? null : _history.Steps[trail.StepAt(like[0])].Step.Migration);
    }

    /// <summary>What was changed by hand speaks against the last migration that touched it, and not against those before.</summary>
    private bool IsOvertaken(Trail trail, int position) => trail.Steps.Skip(position).Any(later => _verdicts[later] is BaselineVerdict.Present or BaselineVerdict.Partial);

    private static bool Between(IReadOnlyList<int> like, int position) => like[0] < position && like[^1] >= position;

    /// <summary>An object cannot be as a migration left it that was not applied, nor as one left it before another that was.</summary>
    private bool IsPossible(Trail trail, int position) =>
        (position == 0 || _verdicts[trail.StepAt(position)] != BaselineVerdict.Absent)
        && !trail.Steps.Skip(position).Any(later => _verdicts[later] == BaselineVerdict.Present);

    /// <summary>An object in the state of a later migration may be there thanks to that one alone: it counts where nothing else does.</summary>
    private static BaselineVerdict OfFindings(List<(CatalogObject, ObjectFinding Finding)> findings)
    {
        var traces = findings.Select(found => found.Finding).Where(found => found.Finding != Presence.NoTrace).ToList();
        var telling = (traces.Any(found => found.Later is null) ? traces.Where(found => found.Later is null) : traces).Select(found => found.Finding).ToHashSet();
        return telling.Count == 0 ? BaselineVerdict.Undecidable
            : telling.SetEquals([Presence.Same]) ? BaselineVerdict.Present
            : telling.Contains(Presence.Missing) && !telling.Contains(Presence.Same) ? BaselineVerdict.Absent
            : BaselineVerdict.Partial;
    }

    /// <summary>What leaves no trace is where its neighbours are; but what may have moved rows may be missing although they are there.</summary>
    private (BaselineVerdict Verdict, Text Reason)? ImpliedByTheOthers(int step)
    {
        var presentAfter = _verdicts.Skip(step + 1).Contains(BaselineVerdict.Present);
        if (!presentAfter && _verdicts.Take(step).Contains(BaselineVerdict.Absent))
            return (BaselineVerdict.Absent, new Text("leaves no trace; one before it is absent, and none after it is there", "ne laisse aucune trace ; une d'avant est absente, et aucune d'après n'est là"));
        var movesRows = _history.Steps[step].Step.Statements.Any(statement => Unseen.Contains(statement.Kind));
        return presentAfter && !movesRows && _verdicts.Take(step).All(verdict => verdict == BaselineVerdict.Present)
            ? (BaselineVerdict.Present, new Text("leaves no trace; those before it and after it are there", "ne laisse aucune trace ; celles d'avant et d'après sont là"))
            : null;
    }

    private static Text Reason(HistoryStep migration, List<(CatalogObject, ObjectFinding Finding)> findings)
    {
        int Count(Presence finding) => findings.Count(found => found.Finding.Finding == finding);
        if (migration.Problem is { } problem)
            return problem;
        if (findings.Count == 0)
            return new Text("changes nothing in the catalog: only a probe can tell", "ne change rien dans le catalogue : seule une sonde (probe) peut trancher");
        if (Count(Presence.NoTrace) == findings.Count)
            return new Text("what it made is undone again by later ones: only a probe can tell", "ce qu'elle a fait est défait par d'autres ensuite : seule une sonde (probe) peut trancher");
        var telling = findings.Count - Count(Presence.NoTrace);
        return Text.Join(
        [
            new Text($"{Count(Presence.Same)} of {English.Count(telling, "object")} there", $"objets présents : {Count(Presence.Same)} sur {telling}"),
            .. Count(Presence.Different) > 0 ? [new Text($"{Count(Presence.Different)} differ", $"{Count(Presence.Different)} diffèrent")] : Array.Empty<Text>(),
        ]);
    }

    /// <summary>A table that is missing misses its columns, too: naming it is enough.</summary>
    private static ObjectFinding[] WithoutBelongings(List<(CatalogObject Object, ObjectFinding Finding)> findings)
    {
        var byName = findings.Where(found => !found.Object.IsTrait).ToLookup(found => found.Object.Name, found => found.Finding.Finding, StringComparer.Ordinal);
        return [.. findings.Where(found => found.Object.Parent is not { } parent || !byName[parent].Contains(found.Finding.Finding)).Select(found => found.Finding)];
    }
}

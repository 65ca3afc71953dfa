using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Snapshots;

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

    /// <summary>Kinds that act on what no snapshot compares: counters of sequences, roles, the server itself.</summary>
    private static readonly HashSet<string> Outside = new(StringComparer.Ordinal)
    {
        "alter-sequence", "create-role", "alter-role", "drop-role", "alter-database", "alter-system", "create-tablespace", "alter-tablespace", "drop-tablespace",
    };

    /// <summary>Kinds of statements of which only their run tells what they do.</summary>
    private static readonly HashSet<string> Procedural = new(StringComparer.Ordinal) { "do", "call", "select", "execute" };

    private readonly History _history;
    private readonly CatalogSnapshot _database;

    /// <summary>Of the objects that the database has.</summary>
    private readonly HashSet<string> _names;

    private readonly ILookup<int, (Trail Trail, int Position, IReadOnlyList<int> Like)> _touched;
    private readonly BaselineVerdict[] _verdicts;

    /// <summary>Of objects: which migrations make them, or remove them, without having done so in the replay.</summary>
    private readonly Dictionary<(Trail, bool), int[]> _makers = [];

    /// <summary>One is there behind one that is not: not all were applied in their order.</summary>
    private bool _hasHole;

    /// <summary>Of migrations that leave no trace: what their neighbours say.</summary>
    private readonly Dictionary<int, (BaselineVerdict Verdict, Text Reason)> _implied = [];

    private Judgement(History history, CatalogSnapshot database)
    {
        var trails = Trail.Of(history);
        _history = history;
        _database = AutomaticNames.AsIn(trails, database);
        _names = _database.Objects.Where(found => !found.IsTrait).Select(found => found.Name).ToHashSet(StringComparer.Ordinal);
        _touched = trails
            .Select(trail => (Trail: trail, Like: trail.PositionsLike(_database)))
            .SelectMany(seen => seen.Trail.Steps.Select(step => (Step: step, Seen: (seen.Trail, seen.Trail.PositionOf(step), seen.Like))))
            .ToLookup(touch => touch.Step, touch => touch.Seen);
        _verdicts = new BaselineVerdict[history.Steps.Count];
        Array.Fill(_verdicts, BaselineVerdict.Undecidable);
    }

    /// <summary>One verdict for each migration of the history.</summary>
    public static IReadOnlyList<MigrationVerdict> Of(History history, CatalogSnapshot database) => new Judgement(history, database).Verdicts();

    private MigrationVerdict[] Verdicts()
    {
        Settle();
        var told = _verdicts.ToArray();
        _hasHole = told.SkipWhile(verdict => verdict != BaselineVerdict.Absent).Contains(BaselineVerdict.Present);
        // What one migration's neighbours say of it may decide for others, and those may take back what was said of it.
        for (var changes = 0; changes <= _verdicts.Length * 2; changes++)
        {
            if (!ImplyNext())
                break;
            Settle();
        }

        return [.. Enumerable.Range(0, _verdicts.Length).Select(step => Verdict(step) with { Basis = BasisOf(told[step], _verdicts[step]) })];

        // What only follows from an inferred one is inferred, too.
        static VerdictBasis? BasisOf(BaselineVerdict told, BaselineVerdict verdict) =>
            verdict == BaselineVerdict.Undecidable ? null : told == BaselineVerdict.Undecidable ? VerdictBasis.Neighbours : VerdictBasis.Objects;
    }

    private void Settle()
    {
        for (var (round, moved) = (0, true); moved && round < MostRounds; round++)
        {
            moved = false;
            for (var step = 0; step < _verdicts.Length; step++)
            {
                var own = Own(step, FindingsOf(step));
                var verdict = own == BaselineVerdict.Undecidable && _implied.TryGetValue(step, out var implied) ? implied.Verdict : own;
                moved |= verdict != _verdicts[step];
                _verdicts[step] = verdict;
            }
        }
    }

    /// <summary>Brings the first thing up to date that neighbours say otherwise, or no more.</summary>
    /// <returns>False: nothing was stale.</returns>
    private bool ImplyNext()
    {
        for (var step = 0; step < _verdicts.Length; step++)
        {
            var known = _implied.TryGetValue(step, out var before);
            if (_history.Steps[step].Problem is not null || (!known && _verdicts[step] != BaselineVerdict.Undecidable))
                continue;
            var now = Own(step, FindingsOf(step)) == BaselineVerdict.Undecidable ? ImpliedByTheOthers(step) : null;
            if (now?.Verdict == (known ? before.Verdict : null))
                continue;
            if (now is { } said)
                _implied[step] = said;
            else
                _implied.Remove(step);
            return true;
        }

        return false;
    }

    private MigrationVerdict Verdict(int step)
    {
        var (migration, findings) = (_history.Steps[step], FindingsOf(step));
        var reason = LeavesRowsUnproven(step, findings) ? RowsUnproven : Reason(migration, findings);
        return new MigrationVerdict
        {
            Migration = migration.Step.Migration,
            Name = migration.Step.Name,
            File = migration.Step.File,
            Step = migration.Step,
            Verdict = _verdicts[step],
            IsOvertaken = IsOvertaken(findings),
            IsReplayed = migration.Problem is null,
            Reason = _implied.TryGetValue(step, out var implied) ? implied.Reason : reason,
            Findings = WithoutBelongings(findings),
        };
    }

    /// <summary>What its traces say by themselves.</summary>
    private BaselineVerdict Own(int step, List<(CatalogObject Object, ObjectFinding Finding)> findings) =>
        LeavesRowsUnproven(step, findings) ? BaselineVerdict.Undecidable : OfFindings(findings);

    /// <summary>
    /// Its objects are there, but nothing says that its rows were moved: later migrations made the same objects, or its rows come last in a file that is no
    /// single transaction and may have stopped before them.
    /// </summary>
    private bool LeavesRowsUnproven(int step, List<(CatalogObject Object, ObjectFinding Finding)> findings)
    {
        var migration = _history.Steps[step].Step;
        return MayMoveRows(migration) && OfFindings(findings) == BaselineVerdict.Present
            && (IsOvertaken(findings) || (!migration.Transactional && Unseen.Contains(migration.Statements[^1].Kind)));
    }

    private static bool IsOvertaken(List<(CatalogObject Object, ObjectFinding Finding)> findings) =>
        OfFindings([.. findings.Where(found => found.Finding.Later is null)]) == BaselineVerdict.Undecidable;

    private static Text RowsUnproven => new("its objects are there, its rows may be missing: only a probe can tell", "ses objets sont là, ses lignes manquent peut-être : seule une sonde (probe) peut trancher");

    private List<(CatalogObject Object, ObjectFinding Finding)> FindingsOf(int step)
    {
        var found = _touched[step].Select(touch => (touch.Trail.Named, Finding: FindingOf(touch.Trail, touch.Position, touch.Like))).Concat(ExtensionsOf(step)).OrderBy(found => found.Named.Name, StringComparer.Ordinal).ToList();
        // What belongs to an object (its grants) came with it, whoever made it.
        var later = found.Where(each => each.Finding.Later is not null && !each.Named.IsTrait).DistinctBy(each => each.Named.Name).ToDictionary(each => each.Named.Name, each => each.Finding.Later, StringComparer.Ordinal);
        return [.. found.Select(each => each is { Finding: { Finding: Presence.Same, Later: null }, Named.Parent: { } parent } && later.TryGetValue(parent, out var by) ? (each.Named, each.Finding with { Later = by }) : each)];
    }

    /// <summary>Extensions that the sandbox could not have are looked up by their name, unless another migration is about them, too.</summary>
    private IEnumerable<(CatalogObject Named, ObjectFinding Finding)> ExtensionsOf(int step)
    {
        foreach (var extension in _history.Steps[step].Unreplayed.Select(statement => statement.Extension).OfType<string>())
        {
            var found = _database.Objects.FirstOrDefault(each => each.Kind == "extension" && UnprovenObject.Plain(each.Name) == extension);
            var named = found ?? new CatalogObject("extension", extension, "");
            var isTold = _history.Steps.Index().Any(other => other.Index != step && other.Item.Unreplayed.Any(statement => statement.MayConcern(named)));
            yield return (named, new ObjectFinding("extension", named.Name, found is not null ? Presence.Same : isTold ? Presence.NoTrace : Presence.Missing));
        }
    }

    private ObjectFinding FindingOf(Trail trail, int position, IReadOnlyList<int> like)
    {
        ObjectFinding Found(Presence finding, string? later = null) => new(trail.Named.Kind, trail.Named.Name, finding, later);
        if (like.Count == 0)
            return Found(IsOvertaken(trail, position) || MayHaveGone(trail, trail.StepAt(position)) ? Presence.NoTrace : trail.IsRemovedAt(position) ? Presence.Missing : Presence.Different);
        if (Between(like, position) && like.Where(other => IsPossible(trail, other)).ToList() is { Count: > 0 } possible)
            like = possible;
        if (Between(like, position))
            return Found(Presence.NoTrace);
        // Gone with what it belonged to, whoever took that away.
        if (like[0] >= position && _database.Find(trail.Named) is null && trail.Named.Parent is { } parent && !_names.Contains(parent))
            return Found(Presence.NoTrace);
        if (like[0] < position)
            return Found(MayHaveGone(trail, trail.StepAt(position)) ? Presence.NoTrace : Presence.Missing);
        var other = like.Contains(position) ? OtherMaker(trail, trail.IsRemovedAt(position)) : trail.StepAt(like[0]);
        return Found(Presence.Same, other is { } maker ? _history.Steps[maker].Step.Migration : null);
    }

    /// <summary>
    /// A migration that may have made (or removed) the object as well, and found that done in the replay. The one that did it there is not proven by it.
    /// </summary>
    private int? OtherMaker(Trail trail, bool removed)
    {
        if (!_makers.TryGetValue((trail, removed), out var makers))
        {
            makers = [.. Enumerable.Range(0, _verdicts.Length).Where(other => trail.PositionOf(other) < 0 && _history.Steps[other].Makes is var makes && (removed ? makes.MayRemove(trail.Named) : makes.May(trail.Named)))];
            _makers[(trail, removed)] = makers;
        }

        return makers.Where(other => _verdicts[other] != BaselineVerdict.Absent).Select(other => (int?)other).FirstOrDefault();
    }

    /// <summary>What was changed by hand speaks against the last migration that touched it, and not against those before.</summary>
    private bool IsOvertaken(Trail trail, int position) => trail.Steps.Skip(position).Any(later => _verdicts[later] is BaselineVerdict.Present or BaselineVerdict.Partial);

    /// <summary>A statement that could not be replayed may have renamed it, moved it or taken it away: that it is missing says nothing of those before.</summary>
    private bool MayHaveGone(Trail trail, int step)
    {
        for (var later = step; later < _verdicts.Length; later++)
        {
            if (_verdicts[later] == BaselineVerdict.Absent)
                continue;
            var migration = _history.Steps[later];
            if (migration.Unreplayed.Any(statement => statement.MayConcern(trail.Named)))
                return true;
            // On rows that the replay had not it may have done what it did not there.
            if (later > step && trail.PositionOf(later) < 0 && migration.Step.Statements.Any(statement => Procedural.Contains(statement.Kind)) && migration.Makes.MayRemove(trail.Named))
                return true;
        }

        return false;
    }

    private static bool Between(IReadOnlyList<int> like, int position) => like[0] < position && like[^1] >= position;

    /// <summary>An object cannot be as a migration left it that was not applied, nor as one left it before another that was. What only neighbours say of that one would prove itself by this.</summary>
    private bool IsPossible(Trail trail, int position) =>
        (position == 0 || _verdicts[trail.StepAt(position)] != BaselineVerdict.Absent)
        && !trail.Steps.Skip(position).Any(later => _verdicts[later] == BaselineVerdict.Present && !_implied.ContainsKey(later));

    /// <summary>An object speaks before what belongs to it: a grant that somebody revoked is no sign that its function was never made.</summary>
    private static BaselineVerdict OfFindings(List<(CatalogObject Object, ObjectFinding Finding)> findings)
    {
        var traces = findings.Where(found => found.Finding.Finding != Presence.NoTrace).ToList();
        var objects = traces.Where(found => !found.Object.IsTrait).Select(found => found.Object.Name).ToHashSet(StringComparer.Ordinal);
        bool Belongs((CatalogObject Object, ObjectFinding) found) => found.Object.Parent is { } parent && (found.Object.IsTrait || parent != found.Object.Name) && objects.Contains(parent);
        var own = OfTraces([.. traces.Where(found => !Belongs(found)).Select(found => found.Finding)]);
        var belongings = traces.Where(Belongs).Select(found => found.Finding).Where(found => found.Later is null).Select(found => found.Finding).ToHashSet();
        return own switch
        {
            BaselineVerdict.Present when belongings.Contains(Presence.Missing) || belongings.Contains(Presence.Different) => BaselineVerdict.Partial,
            BaselineVerdict.Absent when belongings.Contains(Presence.Same) => BaselineVerdict.Partial,
            _ => own,
        };
    }

    /// <summary>An object in the state of a later migration may be there thanks to that one alone: it counts where nothing else does.</summary>
    private static BaselineVerdict OfTraces(List<ObjectFinding> traces)
    {
        var telling = (traces.Any(found => found.Later is null) ? traces.Where(found => found.Later is null) : traces).Select(found => found.Finding).ToHashSet();
        return telling.Count == 0 ? BaselineVerdict.Undecidable
            : telling.SetEquals([Presence.Same]) ? BaselineVerdict.Present
            : telling.Contains(Presence.Missing) && !telling.Contains(Presence.Same) ? BaselineVerdict.Absent
            : BaselineVerdict.Partial;
    }

    /// <summary>What leaves no trace is where its neighbours are; but what may have moved rows may be missing although they are there.</summary>
    private (BaselineVerdict Verdict, Text Reason)? ImpliedByTheOthers(int step)
    {
        var (before, after) = (_verdicts.Take(step), _verdicts.Skip(step + 1));
        var presentAfter = after.Contains(BaselineVerdict.Present);
        if (ActsUnseen(_history.Steps[step].Step))
            return null;
        if (!presentAfter && _history.Steps[step].Step.Statements.Count == 0)
            return (BaselineVerdict.Absent, new Text("does nothing", "ne fait rien"));
        if (!presentAfter && !_hasHole && before.Contains(BaselineVerdict.Absent) && after.Contains(BaselineVerdict.Absent))
            return (BaselineVerdict.Absent, new Text("leaves no trace; those before it and after it are absent",
                "ne laisse aucune trace ; celles d'avant et d'après sont absentes"));
        return presentAfter && before.All(verdict => verdict is BaselineVerdict.Present or BaselineVerdict.Undecidable)
            ? (BaselineVerdict.Present, new Text("leaves no trace; those before it and after it are there", "ne laisse aucune trace ; celles d'avant et d'après sont là"))
            : null;
    }

    /// <summary>Nobody can see in the catalog whether it did, and doing it twice may do harm.</summary>
    private static bool MayMoveRows(Step step) => step.Statements.Any(statement => Unseen.Contains(statement.Kind));

    /// <summary>It may have done what no catalog shows, and no neighbour speaks for that.</summary>
    private static bool ActsUnseen(Step step) => MayMoveRows(step) || step.Statements.Any(statement =>
        Outside.Contains(statement.Kind) || (statement.Kind == "alter-table" && statement.Sql.Contains("restart", StringComparison.OrdinalIgnoreCase)));

    private static Text Reason(HistoryStep migration, List<(CatalogObject, ObjectFinding Finding)> findings)
    {
        int Count(Presence finding) => findings.Count(found => found.Finding.Finding == finding);
        if (migration.Problem is { } problem)
            return Count(Presence.NoTrace) == findings.Count ? problem : Text.Join([OfFindings(findings, Count), problem]);
        if (findings.Count == 0)
            return new Text("changes nothing in the catalog: only a probe can tell", "ne change rien dans le catalogue : seule une sonde (probe) peut trancher");
        if (Count(Presence.NoTrace) == findings.Count)
            return new Text("what it made is undone again by later ones: only a probe can tell", "ce qu'elle a fait est défait par d'autres ensuite : seule une sonde (probe) peut trancher");
        return OfFindings(findings, Count);
    }

    private static Text OfFindings(List<(CatalogObject, ObjectFinding Finding)> findings, Func<Presence, int> count)
    {
        var telling = findings.Count - count(Presence.NoTrace);
        return Text.Join(
        [
            new Text($"{count(Presence.Same)} of {English.Count(telling, "object")} there", $"objets présents : {count(Presence.Same)} sur {telling}"),
            .. count(Presence.Different) > 0 ? [new Text($"{count(Presence.Different)} differ", $"{count(Presence.Different)} diffèrent")] : Array.Empty<Text>(),
        ]);
    }

    /// <summary>A table that is missing misses its columns, too: naming it is enough.</summary>
    private static ObjectFinding[] WithoutBelongings(List<(CatalogObject Object, ObjectFinding Finding)> findings)
    {
        var byName = findings.Where(found => !found.Object.IsTrait).ToLookup(found => found.Object.Name, found => found.Finding.Finding, StringComparer.Ordinal);
        return [.. findings.Where(found => found.Object.Parent is not { } parent || !byName[parent].Contains(found.Finding.Finding)).Select(found => found.Finding)];
    }
}

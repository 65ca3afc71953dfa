using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>One query of the runbook, on the state before the migrations and on the state after them, side by side on one server.</summary>
/// <param name="Target">On the target itself: other hardware, another cache and other work; never part of the ratio.</param>
/// <param name="Faster">How many times as fast the runbook demands it to be; null: it demands nothing.</param>
public sealed record Comparison(string Name, Measurement Before, Measurement After, Measurement Target, double? Faster)
{
    /// <summary>Median before divided by median after: above 1 is faster. Null where one of them could not be measured.</summary>
    public double? Ratio => Before.MedianMs is { } before && After.MedianMs is { } after && after > 0 ? Math.Round(before / after, 2) : null;

    /// <summary>The demand is met, or there is none. A demand that cannot be proven on the copies for want of an extension counts neither way.</summary>
    public bool Passed => Faster is not { } demanded || Ratio >= demanded || Before.Unproven || After.Unproven;

    /// <summary>Nodes of the plan before that the plan after has no more.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PlanGone => Without(Before.Plan, After.Plan);

    /// <summary>Nodes that are new in the plan after.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PlanCome => Without(After.Plan, Before.Plan);

    /// <summary>What became of the plan, in one line.</summary>
    [JsonIgnore]
    public Text PlanChange =>
        Before.Problem is not null || After.Problem is not null ? new Text("not comparable", "non comparable")
        : PlanGone.Count + PlanCome.Count == 0 ? new Text("the same plan", "le même plan")
        : new Text($"{Named(PlanGone).En} → {Named(PlanCome).En}", $"{Named(PlanGone).Fr} → {Named(PlanCome).Fr}");

    /// <summary>How the two compare, in words; null where one of them could not be measured.</summary>
    [JsonIgnore]
    public Text? Said => Ratio switch
    {
        null => null,
        >= 1.1 => new Text($"{Times(Ratio.Value, '.')} times as fast", $"{Times(Ratio.Value, ',')} fois plus rapide"),
        <= 0.91 => new Text($"{Times(After.MedianMs!.Value / Before.MedianMs!.Value, '.')} times slower", $"{Times(After.MedianMs!.Value / Before.MedianMs!.Value, ',')} fois plus lent"),
        _ => new Text("as fast as before", "aussi rapide qu'avant"),
    };

    /// <summary>Why the demand is not met; only where it is not.</summary>
    [JsonIgnore]
    public Text Shortfall => new(
        $"\"{Name}\" should be at least {Times(Faster ?? 0, '.')} times as fast as before: {Found.En}",
        $"« {Name} » devrait être au moins {Times(Faster ?? 0, ',')} fois plus rapide qu'avant : {Found.Fr}");

    private Text Found => Said ?? After.Problem ?? Before.Problem ?? new Text("it is too quick to be measured", "c'est trop rapide pour être mesuré");

    private static List<string> Without(IEnumerable<string> plan, IEnumerable<string> other)
    {
        var left = plan.ToList();
        foreach (var node in other)
            left.Remove(node);
        return left;
    }

    private static Text Named(IReadOnlyList<string> nodes) => nodes.Count == 0 ? Text.Same("-") : Text.JoinFirst([.. nodes.Select(Text.Same)]);

    private static string Times(double ratio, char point) => ratio.ToString(ratio < 100 ? "0.#" : "0").Replace('.', point);
}

/// <summary>A query, asked several times in one place. Times are the server's own for executing it, in milliseconds.</summary>
public sealed record Measurement
{
    /// <summary>How often it was measured, after once to warm up; zero when it could not be.</summary>
    public int Samples { get; init; }

    public double? MedianMs { get; init; }

    public double? P95Ms { get; init; }

    public long? Rows { get; init; }

    /// <summary>Blocks of 8 kB found in the server's cache, of the last sample.</summary>
    public long? BuffersHit { get; init; }

    /// <summary>Blocks that were not in the server's cache, of the last sample.</summary>
    public long? BuffersRead { get; init; }

    /// <summary>The nodes of the plan, outermost first: what each is, and the index and the relation that it uses.</summary>
    public IReadOnlyList<string> Plan { get; init; } = [];

    /// <summary>Why it could not be measured.</summary>
    public Text? Problem { get; init; }

    /// <summary>It could not be, for want of an extension on the copies' server.</summary>
    public bool Unproven { get; init; }

    [JsonIgnore]
    public long? Buffers => BuffersHit + BuffersRead;
}

/// <summary>What was compared, and where.</summary>
/// <param name="Run">The run whose two states these are.</param>
/// <param name="On"><c>sandbox</c>, or the server's address without secrets.</param>
/// <param name="Before">The backup that the state before was restored from.</param>
/// <param name="After">The backup that the state after was restored from; null: <paramref name="Before"/>, and the run's migrations applied to it.</param>
public sealed record ComparedStates(string Run, DateTimeOffset At, string On, string Before, string? After)
{
    /// <summary>Where the two states come from, and how they were treated.</summary>
    [JsonIgnore]
    public Text Said => new(
        $"Before: backup {Before}. After: {(After is null ? "the same backup with the run's migrations applied to it" : $"backup {After}")}. Both restored on the same server ({On}), vacuumed and analyzed, and asked in turns. Times are the server's for executing the query; those on the target come from other hardware and another cache, and are not part of the ratio.",
        $"Avant : sauvegarde {Before}. Après : {(After is null ? "la même sauvegarde, les migrations de l'exécution appliquées" : $"sauvegarde {After}")}. Les deux restaurées sur le même serveur ({On}), passées par vacuum et analyze, et interrogées en alternance. Les temps sont ceux du serveur pour exécuter la requête ; ceux de la cible viennent d'un autre matériel et d'un autre cache, et n'entrent pas dans le rapport.");
}

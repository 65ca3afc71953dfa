using System.Text.Json.Serialization;
using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <param name="Kind">What was asked: <c>sql</c>; <c>find</c>, <c>count</c> or <c>aggregate</c>, which are MongoDB's; <c>finding</c>, <c>http</c>; or <c>collection</c> for what the engine itself proves of a copy.</param>
/// <param name="Expected">What was demanded, in words.</param>
/// <param name="Actual">What was found.</param>
/// <param name="Skipped">True when it could not be asked here (an HTTP check in a rehearsal), or proves nothing here for want of an extension; it counts neither way.</param>
public sealed record CheckResult(string Name, string Kind, bool Passed, Text Expected, Text Actual, Latency? Latency = null, bool Skipped = false)
{
    /// <summary>What a rule of the diagnosis found; null where the check asks none.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>What was expected, and what was found instead.</summary>
    [JsonIgnore]
    public Text Difference => new(
        $"{Name}: expected {Expected.En}, found {Actual.En}",
        $"{Name} : attendu {Expected.Fr}, trouvé {Actual.Fr}");
}

/// <summary>Milliseconds over the measured samples.</summary>
/// <param name="LimitMs">What the runbook permits (<c>under</c>); null: it only measures.</param>
public sealed record Latency(int Samples, double Minimum, double Median, double P95, double Maximum, double? LimitMs);

/// <param name="Before">The rows as text, one line a row, cells separated by <c> | </c>.</param>
/// <param name="After">The same afterwards; null: it was not asked.</param>
/// <param name="Problem">Why it could not be asked, or not be compared.</param>
/// <param name="Skipped">True when it cannot be asked on the copy for want of an extension; it counts neither way.</param>
public sealed record InvariantResult(string Name, bool Passed, string Before, string? After, Text? Problem = null, bool Skipped = false);

/// <summary>What the server answered, every cell as the server's own text.</summary>
public sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);

namespace Eclusier.Values;

/// <summary>Guesses which name was meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest differing characters; null when none is near enough to be a slip of the hand.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var limit = Math.Max(1, name.Length / 3);
        var best = known
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= limit ? best.Name : null;
    }

    /// <summary>The guess as an advice; null when there is none.</summary>
    public static Text? Meant(string name, IEnumerable<string> known) =>
        Of(name, known) is { } nearest ? new Text($"Did you mean \"{nearest}\"?", $"Vouliez-vous dire « {nearest} » ?") : null;

    /// <summary>How many slips of the hand: a letter too many, missing, another, or two exchanged (optimal string alignment), without regard to case.</summary>
    private static int Distance(string left, string right)
    {
        (left, right) = (left.ToLowerInvariant(), right.ToLowerInvariant());
        var cost = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[left.Length, right.Length];
    }
}

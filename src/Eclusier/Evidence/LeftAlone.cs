namespace Eclusier.Evidence;

/// <summary>What a restore in place did not replace, because it belongs to others.</summary>
/// <param name="Tables">Qualified, as their rows are counted.</param>
/// <param name="Said">For people.</param>
public sealed record LeftAlone(IReadOnlyList<string> Tables, IReadOnlyList<Text> Said)
{
    public static LeftAlone Nothing { get; } = new([], []);
}

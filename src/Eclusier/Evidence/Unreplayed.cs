using Eclusier.Catalog;

namespace Eclusier.Evidence;

/// <summary>A statement that the sandbox refused. The others of its migration ran: it is this one alone that is unproven.</summary>
/// <param name="Where"><c>file:line:column</c></param>
/// <param name="Message">The server's.</param>
/// <param name="LacksSomething">It was refused because something that it names is not there.</param>
/// <param name="Extension">Of CREATE EXTENSION: which; it is the same wherever it is, so that its name alone tells whether it is there.</param>
/// <param name="Words">The names in its text, lower case: what it may have changed.</param>
public sealed record Unreplayed(string Where, Text Message, bool LacksSomething, string? Extension, IReadOnlySet<string> Words)
{
    /// <summary>It finds by itself, in the catalog, what it changes: that may be anything.</summary>
    public bool Anything { get; init; }

    /// <summary>It may have changed, renamed or removed this object, or the table that it belongs to.</summary>
    internal bool MayConcern(CatalogObject found) => Anything || WordsOf(found).Any(Words.Contains);

    private static IEnumerable<string> WordsOf(CatalogObject found)
    {
        foreach (var name in new[] { found.Name, found.Parent, found.Local }.OfType<string>())
        {
            var plain = UnprovenObject.Plain(name);
            var parameters = plain.IndexOf('(', StringComparison.Ordinal);
            plain = parameters > 0 ? plain[..parameters] : plain;
            foreach (var word in plain.Split([' ', '.', ':'], StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("public" or "on" or "in" or "to")))
                yield return word.ToLowerInvariant();
        }
    }
}

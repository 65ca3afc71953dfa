namespace Eclusier.Mongo.Catalog;

/// <summary>Names that Eclusier itself gives to collections of a target.</summary>
internal static class OwnCollections
{
    /// <summary>Who holds the lock, and how far the steps of runs have come.</summary>
    public const string State = "__eclusier";

    public static bool IsOurs(string collection) => collection == State || SwapNames.IsOurs(collection);

    /// <summary>MongoDB's own, which nobody copies.</summary>
    public static bool IsSystem(string collection) => collection.StartsWith("system.", StringComparison.Ordinal);

    /// <summary>A run's name as part of a collection's.</summary>
    public static string RunName(string run) => string.Concat(run.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
}

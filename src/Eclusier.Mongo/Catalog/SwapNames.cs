using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Catalog;

/// <summary>The names that belong to one collection in one run.</summary>
/// <param name="Live">What applications use.</param>
/// <param name="Shadow">The copy that will take its place.</param>
/// <param name="Kept">The live collection as it was before, for the way back.</param>
public sealed record SwapNames(MongoNamespace Live, MongoNamespace Shadow, MongoNamespace Kept)
{
    /// <param name="run">A name of the run, of letters, digits and underscores; the same name finds an interrupted run's collections again.</param>
    public static SwapNames Of(MongoNamespace live, string run) => new(
        live, new MongoNamespace(live.Database, $"{live.Collection}__eclusier_{run}"), new MongoNamespace(live.Database, $"{live.Collection}__eclusier_kept_{run}"));

    /// <summary>Whether a collection is a shadow or kept, of whatever run: nothing to copy, to dump or to compare.</summary>
    public static bool IsOurs(string collection) => collection.Contains("__eclusier_", StringComparison.Ordinal);
}

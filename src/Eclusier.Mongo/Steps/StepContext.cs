using Eclusier.Engines;
using Eclusier.Mongo.Catalog;
using Eclusier.Mongo.Driver;
using Eclusier.Mongo.Plans;
using Eclusier.Mongo.Ranges;
using Eclusier.Planning;

namespace Eclusier.Mongo.Steps;

/// <summary>What a step works with.</summary>
/// <param name="Lock">Null in a rehearsal, whose database nobody else knows.</param>
internal sealed record StepContext(
    MongoClient Client, MongoDatabase Database, Step Step, ApplyOptions Options, Sources Sources, KnownContents Contents, CopyOptions Copy, RunLock? Lock)
{
    public string Collection => Step.Migration;

    public SwapNames Names => NamesIn(Options.Run);

    public SwapNames NamesIn(string run) => SwapNames.Of(new MongoNamespace(Database.Name, Collection), OwnCollections.RunName(run));

    /// <exception cref="MigrationFailedException">The step ends here.</exception>
    public EclusierException Failed(Text problem, Text? remedy = null) => new MigrationFailedException(problem, $"{Database.Name}.{Collection}", remedy);
}

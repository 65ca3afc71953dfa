using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Mongo;
using Eclusier.Planning;
using Eclusier.Postgres;
using Eclusier.Postgres.Diagnostics;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;

namespace Eclusier.Cli;

/// <summary>The one place where an address becomes an engine.</summary>
internal static class Engines
{
    /// <summary>What a runbook may name, of every engine.</summary>
    public static KnownRules Rules { get; } = new(FindingRules.Ids, [.. HazardRules.Ids, .. Predictions.SurpriseRules, .. CollectionHazards.Ids], [.. StatementKind.Known]) { QueryProblem = QueryText.Problem };

    public static Engine For(DatabaseUrl url) => For(url.System);

    public static Engine For(DatabaseSystem system) => system == DatabaseSystem.MongoDb ? new MongoEngine() : new PostgresEngine();
}

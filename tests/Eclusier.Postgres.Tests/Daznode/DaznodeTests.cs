namespace Eclusier.Postgres.Tests.Daznode;

/// <summary>The tests that share the stages of one <see cref="DaznodeSystem"/>.</summary>
[CollectionDefinition]
public sealed class DaznodeTests : ICollectionFixture<DaznodeSystem>;

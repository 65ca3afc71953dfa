using Eclusier.Mongo;
using Eclusier.Postgres;

namespace Eclusier.Cli;

/// <summary>The one place where an address becomes an engine.</summary>
internal static class Engines
{
    public static Engine For(DatabaseUrl url) => For(url.System);

    public static Engine For(DatabaseSystem system) => system == DatabaseSystem.MongoDb ? new MongoEngine() : new PostgresEngine();
}

namespace Eclusier.Mongo.Driver;

/// <summary>Turns what the driver throws into words for a user.</summary>
/// <param name="description">The database without secrets.</param>
internal sealed class MongoGuard(string description)
{
    /// <exception cref="EclusierException">The connection was lost, or the server is none that can write (<see cref="UnavailableException"/>); or it refused (<see cref="RefusedException"/>).</exception>
    public async Task<T> RunAsync<T>(Text doing, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (MongoException error) when (error.IsTransient)
        {
            throw new UnavailableException(
                new Text($"The connection was lost while {doing.En}: {error.Message}", $"La connexion a été perdue pendant {doing.Fr} : {error.Message}"),
                description,
                new Text("Run the same command again: it looks up what was done and goes on from there.", "Relancez la même commande : elle recherche ce qui a été fait et reprend à partir de là."),
                error);
        }
        catch (MongoException error)
        {
            throw new RefusedException(
                new Text($"The server refuses while {doing.En}: {Said(error)}", $"Le serveur refuse pendant {doing.Fr} : {Said(error)}"), description, Remedy(error), error);
        }
    }

    /// <summary>The server's words, and its code.</summary>
    public static string Said(MongoException error) => error.CodeName is { } name ? $"{error.Message} ({name})" : $"{error.Message} ({error.Code})";

    private static Text? Remedy(MongoException error) => error is { Domain: MongoErrorDomain.Server, Code: 13 or 8000 }
        ? new Text("Grant the user the role readWrite on that database (dbAdmin to rename collections).", "Donnez à l'utilisateur le rôle readWrite sur cette base (dbAdmin pour renommer des collections).")
        : null;
}

using System.Security.Cryptography;
using Eclusier.Engines;
using Eclusier.Mongo.Driver;

namespace Eclusier.Mongo.Sandbox;

/// <summary>A server of the user's own, used like a sandbox: databases named <c>eclusier_rehearsal_…</c> are made on it, and they are all that is ever dropped.</summary>
public sealed class ServerOfTheUser(DatabaseUrl url, Func<DatabaseUrl, CancellationToken, Task<Database>> connect) : Eclusier.Engines.Sandbox
{
    private readonly List<string> _created = [];

    public override string Description { get; } = MongoUrl.Describe(url);

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"eclusier_rehearsal_{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        _created.Add(name);
        return await connect(MongoUrl.WithDatabase(url, name), cancellationToken);
    }

    /// <exception cref="UnavailableException">A scratch database could not be dropped, and which.</exception>
    public override async ValueTask DisposeAsync()
    {
        if (_created.Count == 0)
            return;
        try
        {
            await using var client = await MongoClient.ConnectAsync(url, new MongoClientOptions("eclusier sandbox"), CancellationToken.None);
            foreach (var name in _created)
                await client.Database(name).DropAsync(CancellationToken.None);
            _created.Clear();
        }
        catch (Exception error) when (error is MongoException or EclusierException)
        {
            var names = string.Join(", ", _created);
            throw new UnavailableException(
                new Text($"Scratch databases are left on the rehearsal server: {names} ({error.Message})", $"Des bases de travail restent sur le serveur de répétition : {names} ({error.Message})"),
                Description, new Text("Drop them by hand with db.dropDatabase().", "Supprimez-les à la main avec db.dropDatabase()."), error);
        }
    }
}

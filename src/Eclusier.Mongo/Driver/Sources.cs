using Eclusier.Runbooks;

namespace Eclusier.Mongo.Driver;

/// <summary>Connections to the databases that collections come from, kept open as long as the target's is. Only read.</summary>
internal sealed class Sources : IAsyncDisposable
{
    private readonly Dictionary<DatabaseUrl, (MongoClient Client, string Database)> _open = [];

    /// <summary>Where the runbook's collections come from.</summary>
    /// <exception cref="EclusierException">The runbook copies no collections, or the variables of that environment are not set (<see cref="InvalidInputException"/>); or it cannot be reached (<see cref="UnavailableException"/>).</exception>
    public async Task<MongoDatabase> OfAsync(Runbook runbook, CancellationToken cancellationToken)
    {
        var settings = Settings(runbook);
        var environment = runbook.Environments.GetValueOrDefault(settings.From) ?? throw new InvalidInputException(
            new Text($"The variables of {settings.From} are not set here.", $"Les variables de {settings.From} ne sont pas définies ici."),
            runbook.File,
            new Text("Set them in the environment, or in .env beside the runbook.", "Définissez-les dans l'environnement, ou dans .env à côté du runbook."));
        if (!_open.TryGetValue(environment.Url, out var source))
        {
            var client = await MongoClient.ConnectAsync(environment.Url, new MongoClientOptions("eclusier source"), cancellationToken);
            _open[environment.Url] = source = (client, NameIn(environment.Url));
        }

        return source.Client.Database(source.Database);
    }

    /// <exception cref="InvalidInputException">The runbook copies no collections here.</exception>
    public static CollectionSettings Settings(Runbook runbook) => runbook.Collections ?? throw new InvalidInputException(
        new Text("The runbook has no `collections:`.", "Le runbook n'a pas de `collections:`."),
        runbook.File,
        new Text("Say which collections are to be copied from where; docs/runbook.md has an example.", "Dites quelles collections sont à copier, et d'où ; docs/runbook.md contient un exemple."));

    /// <exception cref="InvalidInputException">The address names no database.</exception>
    public static string NameIn(DatabaseUrl url) => MongoUrl.Database(url) ?? throw new InvalidInputException(
        new Text("This address names no database.", "Cette adresse ne nomme aucune base."),
        MongoUrl.Describe(url),
        new Text("Write it like mongodb://user:password@host:27017/database.", "Écrivez-la ainsi : mongodb://utilisateur:motdepasse@hote:27017/base."));

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _open.Values)
            await source.Client.DisposeAsync();
        _open.Clear();
    }
}

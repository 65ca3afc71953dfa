using Eclusier.Catalog;
using Eclusier.Engines;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>
/// A server of the user's own, used like a sandbox: databases named <c>eclusier_rehearsal_…</c> are created on it,
/// and they (and the roles a restore had to make for them) are all that is ever dropped.
/// </summary>
public sealed class ServerOfTheUser(DatabaseUrl url, Func<DatabaseUrl, CancellationToken, Task<Database>> connect) : Eclusier.Engines.Sandbox
{
    private readonly List<string> _created = [];

    public override string Description { get; } = PostgresUrl.Describe(url);

    public override async Task<Database> CreateDatabaseAsync(CancellationToken cancellationToken) =>
        await connect(await CreateEmptyDatabaseAsync(cancellationToken), cancellationToken);

    public override async Task<Database> CreateLikeAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        var (empty, unlike) = await CreateEmptyAsync(surroundings.Text, cancellationToken);
        // What roles may do on that server is its owner's affair: here they only have to exist.
        var more = await StandIn.PrepareAsync(empty, surroundings with { Roles = [.. surroundings.Roles.Select(role => role with { Attributes = "", MemberOf = [] })] }, cancellationToken);
        var database = await connect(empty, cancellationToken);
        database.Unlike = [.. unlike, .. more];
        return database;
    }

    /// <summary>Creates a database and gives its URL.</summary>
    /// <exception cref="EclusierException">The server cannot be reached, or the user may not create databases.</exception>
    public async Task<DatabaseUrl> CreateEmptyDatabaseAsync(CancellationToken cancellationToken) => (await CreateEmptyAsync(null, cancellationToken)).Url;

    private async Task<(DatabaseUrl Url, IReadOnlyList<Text> Unlike)> CreateEmptyAsync(TextTraits? text, CancellationToken cancellationToken)
    {
        var name = ScratchDatabase.NewName("eclusier_rehearsal");
        // Noted before it exists: cancelled in between, it may exist all the same.
        _created.Add(name);
        var unlike = await ScratchDatabase.CreateAsync(url, name, null, cancellationToken, text);
        return (PostgresUrl.WithDatabase(url, name), unlike);
    }

    /// <exception cref="UnavailableException">A scratch database could not be dropped, and which.</exception>
    public override async ValueTask DisposeAsync()
    {
        if (_created.Count == 0)
            return;
        try
        {
            await using var connection = await PostgresConnection.OpenAsync(url, "eclusier sandbox", CancellationToken.None);
            foreach (var name in _created)
                await ScratchDatabase.DropAsync(connection, name, CancellationToken.None);
            await ScratchRoles.DropAsync(connection, CancellationToken.None);
            _created.Clear();
        }
        catch (Exception e) when (e is NpgsqlException or EclusierException)
        {
            var names = string.Join(", ", _created);
            throw new UnavailableException(
                new Text($"Scratch databases are left on the rehearsal server: {names} ({e.Message})", $"Des bases de travail restent sur le serveur de répétition : {names} ({e.Message})"),
                Description,
                new Text("Drop them by hand: drop database <name> with (force).", "Supprimez-les à la main : drop database <nom> with (force)."),
                e);
        }
    }
}

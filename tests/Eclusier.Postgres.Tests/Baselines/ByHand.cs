using Eclusier.Catalog;
using Npgsql;

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>What people do at night: change one object of a database, in a way that no migration does.</summary>
internal static class ByHand
{
    /// <returns>The object; null when there was none to change.</returns>
    public static async Task<CatalogObject?> ChangeAsync(DatabaseUrl url, Random random)
    {
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        var found = await database.SnapshotAsync(TestContext.Current.CancellationToken);
        var candidates = found.Objects.Where(each => each.Name.StartsWith("public.", StringComparison.Ordinal) || each.Parent?.StartsWith("public.", StringComparison.Ordinal) == true)
            .Select(each => (Object: each, Sql: Change(each))).Where(each => each.Sql is not null).ToArray();
        random.Shuffle(candidates);
        foreach (var (changed, sql) in candidates.Take(20))
        {
            if (await TryAsync(url, sql!) && (await database.SnapshotAsync(TestContext.Current.CancellationToken)) is var now && CatalogChange.Between(found, now) is [{ Before: not null, After: not null } only] && only.Object.Key == changed.Key)
                return changed;
            found = await database.SnapshotAsync(TestContext.Current.CancellationToken);
        }

        return null;
    }

    private static string? Change(CatalogObject found) => found.Kind switch
    {
        "default" when found.Definition.EndsWith("set default now()", StringComparison.Ordinal) => found.Definition + " + interval '1 hour'",
        "default" when char.IsAsciiDigit(found.Definition[^1]) => found.Definition + "9",
        "index" when !found.Definition.Contains("UNIQUE", StringComparison.Ordinal) && !found.Definition.Contains(" WHERE ", StringComparison.Ordinal) => $"{found.Removal}; {found.Definition} where 1 = 1",
        "index" when found.Definition.Contains(" WHERE ", StringComparison.Ordinal) => $"{found.Removal}; {found.Definition} and 1 = 1",
        "policy" when found.Definition.Contains(" using (", StringComparison.Ordinal) => $"alter policy {found.Local} on {found.Parent} using (1 = 1)",
        "function" when found.Definition.EndsWith("$function$\n", StringComparison.Ordinal) => found.Definition[..^"$function$\n".Length] + " -- by hand\n$function$",
        "column" => $"alter table {found.Parent} alter column {found.Local} type text collate \"C\" using {found.Local}::text",
        _ => null,
    };

    private static async Task<bool> TryAsync(DatabaseUrl url, string sql)
    {
        try
        {
            await PostgresServer.ExecuteAsync(url, sql);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}

namespace Eclusier.Catalog;

/// <summary>What a hosted server brings along, and no migration of the user's makes.</summary>
public static class Platforms
{
    /// <summary>See https://supabase.com/docs/guides/database/overview.</summary>
    private static readonly string[] Supabase =
    [
        "auth", "storage", "realtime", "_realtime", "_analytics", "extensions", "graphql", "graphql_public", "net", "pgbouncer", "pgsodium", "pgsodium_masks", "pgtle", "supabase_functions", "vault", "cron",
    ];

    private static readonly string[] Neon = ["neon", "neon_auth"];

    /// <param name="platform">plain, supabase or neon.</param>
    public static IReadOnlyList<string> SchemasOf(string platform) => platform switch { "supabase" => Supabase, "neon" => Neon, _ => [] };

    /// <param name="platform">plain, supabase or neon.</param>
    public static CatalogSnapshot Without(string platform, CatalogSnapshot catalog)
    {
        var schemas = SchemasOf(platform);
        return schemas.Count == 0 ? catalog : new CatalogSnapshot([.. catalog.Objects.Where(found => found.Kind is not ("extension" or "event trigger" or "publication") && !schemas.Any(schema => BelongsTo(found, schema)))]);
    }

    private static bool BelongsTo(CatalogObject found, string schema)
    {
        var place = found.Parent ?? found.Name;
        return place == schema || place.StartsWith($"{schema}.", StringComparison.Ordinal) || place.Contains($" on {schema}.", StringComparison.Ordinal);
    }
}

using System.IO.Enumeration;

namespace Eclusier.Postgres.Extensions;

/// <summary>What is known of extensions without having them: Debian's packages, and the names that the common ones bring.</summary>
internal static class KnownExtensions
{
    /// <summary>Extension -> the end of its package's name, <c>postgresql-15-…</c>.</summary>
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["address_standardizer"] = "postgis-3",
        ["age"] = "age",
        ["debversion"] = "debversion",
        ["h3"] = "h3",
        ["hll"] = "hll",
        ["http"] = "http",
        ["hypopg"] = "hypopg",
        ["icu_ext"] = "icu-ext",
        ["ip4r"] = "ip4r",
        ["jsquery"] = "jsquery",
        ["mysql_fdw"] = "mysql-fdw",
        ["ogr_fdw"] = "ogr-fdw",
        ["orafce"] = "orafce",
        ["periods"] = "periods",
        ["pg_cron"] = "cron",
        ["pg_partman"] = "partman",
        ["pg_qualstats"] = "pg-qualstats",
        ["pg_repack"] = "repack",
        ["pg_similarity"] = "similarity",
        ["pg_squeeze"] = "squeeze",
        ["pg_stat_kcache"] = "pg-stat-kcache",
        ["pg_wait_sampling"] = "pg-wait-sampling",
        ["pgaudit"] = "pgaudit",
        ["pglogical"] = "pglogical",
        ["pgrouting"] = "pgrouting",
        ["pgtap"] = "pgtap",
        ["plpgsql_check"] = "plpgsql-check",
        ["plr"] = "plr",
        ["pointcloud"] = "pointcloud",
        ["postgis"] = "postgis-3",
        ["postgis_raster"] = "postgis-3",
        ["postgis_sfcgal"] = "postgis-3",
        ["postgis_tiger_geocoder"] = "postgis-3",
        ["postgis_topology"] = "postgis-3",
        ["prefix"] = "prefix",
        ["rum"] = "rum",
        ["semver"] = "semver",
        ["tdigest"] = "tdigest",
        ["tds_fdw"] = "tds-fdw",
        ["unit"] = "unit",
        ["vector"] = "pgvector",
    };

    /// <summary>They come with PostgreSQL, but not everywhere in the same package.</summary>
    private static readonly HashSet<string> Contrib = new(StringComparer.Ordinal)
    {
        "adminpack", "amcheck", "autoinc", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance", "file_fdw", "fuzzystrmatch", "hstore",
        "insert_username", "intagg", "intarray", "isn", "lo", "ltree", "moddatetime", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_prewarm", "pg_stat_statements", "pg_surgery", "pg_trgm",
        "pg_visibility", "pg_walinspect", "pgcrypto", "pgrowlocks", "pgstattuple", "postgres_fdw", "refint", "seg", "sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
    };

    /// <summary>Extension -> globs of the names that it brings.</summary>
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["vector"] =
        [
            "vector", "halfvec", "sparsevec", "hnsw", "ivfflat", "vector_*", "halfvec_*", "sparsevec_*", "bit_hamming_ops", "bit_jaccard_ops", "array_to_*", "l1_distance", "l2_distance", "l2_norm", "l2_normalize",
            "inner_product", "cosine_distance", "hamming_distance", "jaccard_distance", "binary_quantize", "subvector", "<#>", "<=>", "<+>", "<~>", "<%>",
        ],
        ["postgis"] = ["geometry", "geography", "box2d", "box2df", "box3d", "spheroid", "gidx", "st_*", "postgis_*", "geometry_*", "geography_*", "spatial_ref_sys", "*geometrycolumn*", "gist_geo*", "brin_geo*", "spgist_geo*"],
        ["pg_cron"] = ["cron", "cron.*"],
        ["pg_graphql"] = ["graphql", "graphql.*"],
        ["pg_net"] = ["net", "net.*", "http_get", "http_post", "http_delete"],
        ["pgmq"] = ["pgmq", "pgmq.*"],
        ["pgsodium"] = ["pgsodium", "pgsodium.*", "pgsodium_masks"],
        ["supabase_vault"] = ["vault", "vault.*"],
        ["pgjwt"] = ["sign", "verify", "url_encode", "url_decode", "algorithm_sign", "try_cast_double"],
        ["pg_jsonschema"] = ["json_matches_schema", "jsonb_matches_schema", "jsonschema_*"],
    };

    /// <returns>Null where it is not known.</returns>
    public static string? Package(string extension, int serverVersion) =>
        Packages.TryGetValue(extension, out var package) ? $"postgresql-{serverVersion}-{package}"
        : Contrib.Contains(extension) ? "postgresql-contrib"
        : null;

    /// <summary>Whether an extension that nobody could look into brings a name.</summary>
    /// <param name="schema">Where it was to be; null when nobody said.</param>
    public static bool Brings(string extension, string? schema, RefusedName refused)
    {
        if (Names.TryGetValue(extension, out var globs))
            return Array.Exists(globs, glob => Matches(glob, refused.Name) || Matches(glob, refused.Local) || (refused.Kind == NameKind.Operator && glob == RefusedName.Parts(refused.Name).Name));
        // Nothing is known of this one. Tables and columns are the user's own, and so is what is asked for in another schema.
        var qualifier = refused.Name.Length > refused.Local.Length ? refused.Name[..^(refused.Local.Length + 1)] : null;
        return refused.Kind switch
        {
            NameKind.Schema => refused.Name == extension || refused.Name == schema,
            // What belongs to a table is none of its; behind an operator class stands the access method.
            NameKind.Object or NameKind.Routine => (refused.Table is null or "btree" or "hash" or "gin" or "gist" or "spgist" or "brin") && (qualifier is null || qualifier == extension || qualifier == schema),
            _ => qualifier is not null && (qualifier == extension || qualifier == schema),
        };
    }

    private static bool Matches(string glob, string name) => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: true);
}

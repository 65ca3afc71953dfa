using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Eclusier.Values;

/// <summary>The kinds of databases that there are engines for.</summary>
[JsonConverter(typeof(SnakeCase<DatabaseSystem>))]
public enum DatabaseSystem
{
    PostgreSql,
    MongoDb,
}

public static partial class DatabaseSystems
{
    /// <summary>How an address of it begins.</summary>
    public static IReadOnlyList<string> Schemes(this DatabaseSystem system) => system switch
    {
        DatabaseSystem.MongoDb => ["mongodb://", "mongodb+srv://"],
        _ => ["postgresql://", "postgres://"],
    };

    /// <summary>As its makers write it.</summary>
    public static string Name(this DatabaseSystem system) => system == DatabaseSystem.MongoDb ? "MongoDB" : "PostgreSQL";

    /// <summary>Null: the address begins like none of them.</summary>
    public static DatabaseSystem? Of(string url)
    {
        // libpq's other form: host=db dbname=shop.
        if (KeywordAndValue().IsMatch(url))
            return DatabaseSystem.PostgreSql;
        foreach (var system in Enum.GetValues<DatabaseSystem>())
        {
            if (system.Schemes().Any(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
                return system;
        }

        return null;
    }

    [GeneratedRegex(@"^\s*(host|hostaddr|port|dbname|user|password|service|sslmode)\s*=", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex KeywordAndValue();
}

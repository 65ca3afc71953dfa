using Eclusier.Catalog;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Sandbox;

/// <summary>Makes a scratch database keep text and begin its sessions as another database does; what this machine cannot do is told.</summary>
internal static class LikeTarget
{
    /// <summary>A setting of the scratch database that lists those which no snapshot counts (see <c>Catalog/Snapshot/database.sql</c>).</summary>
    private const string Likeness = "eclusier.likeness";

    private const string SearchPath = "search_path";

    /// <summary>CREATE DATABASE with the encoding, the locale and the provider of the other.</summary>
    /// <param name="create">Runs the statement; a refusal comes through.</param>
    public static async Task<IReadOnlyList<Text>> CreateAsync(TextTraits? wanted, int serverVersion, Func<string, Task> create)
    {
        if (wanted is null)
        {
            await create("");
            return [];
        }

        try
        {
            await create(Options(wanted, serverVersion));
            return [];
        }
        catch (PostgresException refused) when (refused.SqlState is not (PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DuplicateDatabase))
        {
            return [await CreateNearlyAsync(wanted, refused, create)];
        }
    }

    /// <summary>The encoding at least: every encoding goes with the locale C.</summary>
    private static async Task<Text> CreateNearlyAsync(TextTraits wanted, PostgresException refused, Func<string, Task> create)
    {
        var locale = wanted.Provider == "libc" ? wanted.Collate : $"{wanted.Provider} {wanted.Locale}";
        try
        {
            await create(wanted.Encoding == "UTF8" ? "" : $" encoding {Literal.Quote(wanted.Encoding)} lc_collate 'C' lc_ctype 'C'");
            return new Text(
                $"the order of text in locale {locale} is unproven: this machine does not have it ({Reason(refused)})",
                $"l'ordre du texte dans la locale {locale} n'est pas prouvé : cette machine ne l'a pas ({Reason(refused)})");
        }
        catch (PostgresException worse) when (worse.SqlState is not (PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DuplicateDatabase))
        {
            await create("");
            return new Text(
                $"encoding {wanted.Encoding} and locale {locale} are unproven: this machine does not have them ({Reason(worse)})",
                $"l'encodage {wanted.Encoding} et la locale {locale} ne sont pas prouvés : cette machine ne les a pas ({Reason(worse)})");
        }
    }

    private static string Reason(PostgresException refused) => Secrets.Redact(refused.MessageText);

    private static string Options(TextTraits wanted, int serverVersion)
    {
        var options = $" encoding {Literal.Quote(wanted.Encoding)} lc_collate {Literal.Quote(wanted.Collate)} lc_ctype {Literal.Quote(wanted.CharacterType)}";
        if (wanted.Provider == "libc" || serverVersion < 15)
            return options;
        var locale = wanted.Provider == "icu" ? "icu_locale" : "builtin_locale";
        return $"{options} locale_provider {wanted.Provider} {locale} {Literal.Quote(wanted.Locale ?? "")}";
    }

    /// <summary>Gives the database the settings that sessions on the other begin with.</summary>
    /// <param name="connection">To the scratch database.</param>
    public static async Task<IReadOnlyList<Text>> SetAsync(NpgsqlConnection connection, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var (refusals, us) = (new List<Text>(), await connection.ScalarAsync<string>("select current_user::text", cancellationToken));
        var database = Identifier.Quote(connection.Database!);
        foreach (var (name, value, _) in surroundings.Settings)
        {
            try
            {
                await using var command = new NpgsqlCommand("select set_config($1, $2, false)", connection)
                {
                    Parameters = { new NpgsqlParameter { Value = name }, new NpgsqlParameter { Value = name == SearchPath && us != surroundings.User ? Resolved(value, surroundings.User) : value } },
                };
                await command.ExecuteNonQueryAsync(cancellationToken);
                await connection.ExecuteAsync($"alter database {database} set {string.Join('.', name.Split('.').Select(Identifier.Quote))} from current", cancellationToken);
            }
            catch (PostgresException refused)
            {
                // Its value may be a secret.
                refusals.Add(new Text($"setting {name} is unproven: the sandbox refuses it ({refused.SqlState})", $"le réglage {name} n'est pas prouvé : le bac à sable le refuse ({refused.SqlState})"));
            }
        }

        // What the other has from its server, a role or its URL is none of its catalog.
        var elsewhere = string.Join(',', surroundings.Settings.Where(setting => !setting.OfDatabase).Select(setting => setting.Name));
        if (elsewhere.Length > 0)
            await connection.ExecuteAsync($"alter database {database} set {Likeness} = {Literal.Quote(elsewhere)}", cancellationToken);
        return refusals;
    }

    /// <summary><c>"$user"</c> is somebody else here.</summary>
    private static string Resolved(string searchPath, string user) => searchPath.Replace("\"$user\"", Identifier.Quote(user), StringComparison.Ordinal);
}

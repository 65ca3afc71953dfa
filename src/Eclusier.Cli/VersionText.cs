using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eclusier.Mongo;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Cli;

/// <summary>What <c>--version</c> prints: the version, what it was built from and with, and what of this machine it will use.</summary>
internal static class VersionText
{
    public static async Task<string> OfAsync(CancellationToken cancellationToken)
    {
        var lines = new List<(string Name, string Value)>
        {
            ("commit", Commit() ?? Help.Say("not known", "inconnu")),
            (Help.Say("program", "programme"), $"{(RuntimeFeature.IsDynamicCodeSupported ? Help.Say("managed", "géré") : Help.Say("native", "natif"))}, {RuntimeInformation.RuntimeIdentifier}, .NET {Environment.Version}"),
            (Help.Say("grammar", "grammaire"), Grammar()),
            (Help.Say("drivers", "pilotes"), $"Npgsql {Of(typeof(NpgsqlConnection))}, MongoDB.Driver {Of(MongoEngine.Driver)}"),
        };
        foreach (var (program, needed) in Programs)
            lines.Add((program, await FoundAsync(program, needed, cancellationToken)));
        return $"eclusier {CommandLine.Version}\n{string.Concat(lines.Select(line => $"  {line.Name,-10} {line.Value}\n"))}";
    }

    private static IEnumerable<(string Program, string NeededFor)> Programs =>
    [
        ("pg_dump", Help.Say("backups", "les sauvegardes")),
        ("initdb", Help.Say("rehearsals, baselines and demos", "les répétitions, les états de référence et les démonstrations")),
    ];

    /// <summary>Behind the plus sign, where it was built from a checkout.</summary>
    private static string? Commit() =>
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    private static string Grammar()
    {
        try
        {
            return $"PostgreSQL {LibPgQuery.GrammarVersion()}";
        }
        catch (EclusierException missing)
        {
            return missing.Problem.In(Help.Language);
        }
    }

    private static async Task<string> FoundAsync(string program, string needed, CancellationToken cancellationToken)
    {
        try
        {
            var found = await PostgresTools.FindAsync(program, cancellationToken);
            return $"{found.Version}, {found.Path(program)}";
        }
        catch (EclusierException)
        {
            return Help.Say($"not found; {needed} need it", $"introuvable ; nécessaire pour {needed}");
        }
    }

    /// <summary>An assembly's own number stays behind that of its package.</summary>
    private static string Of(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
}

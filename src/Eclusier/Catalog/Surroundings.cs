using System.Text.RegularExpressions;
using Eclusier.Planning;

namespace Eclusier.Catalog;

/// <summary>What migrations find on a server before the first of them runs; a sandbox on which they are replayed or rehearsed must have it, too.</summary>
/// <param name="Platform">plain, supabase or neon.</param>
/// <param name="User">Who runs them.</param>
public sealed partial record Surroundings(string Platform, string User, IReadOnlyList<ServerRole> Roles, IReadOnlyList<InstalledExtension> Extensions)
{
    /// <summary>Of the database, without those that an extension or the server brings.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>What a session of this user's finds set: by the database, the role, the URL or the server's configuration.</summary>
    public IReadOnlyList<SessionSetting> Settings { get; init; } = [];

    /// <summary>How the database keeps and sorts text; null: it does not matter.</summary>
    public TextTraits? Text { get; init; }

    /// <summary>What a dump does not bring along.</summary>
    public Surroundings BesideDump() => this with { Platform = "plain", Extensions = [], Schemas = [] };

    /// <summary>Without what the migrations make themselves: they would find it there already.</summary>
    public Surroundings Without(IEnumerable<Step> steps)
    {
        var statements = steps.SelectMany(step => step.Statements).ToList();
        var roles = NamesMadeBy(statements, "create-role");
        var extensions = NamesMadeBy(statements, "create-extension");
        // Schemas are made and renamed inside DO blocks, too.
        var schemas = statements.Where(statement => MakesSchema().IsMatch(statement.Sql)).SelectMany(statement => Word().Matches(statement.Sql).Select(match => match.Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return this with
        {
            Roles = [.. Roles.Where(role => !roles.Contains(role.Name))],
            Extensions = [.. Extensions.Where(extension => !extensions.Contains(extension.Name))],
            Schemas = [.. Schemas.Where(schema => !schemas.Contains(schema))],
        };
    }

    private static HashSet<string> NamesMadeBy(IEnumerable<Statement> statements, string kind) =>
        statements.Where(statement => statement.Kind == kind).Select(statement => Made().Match(statement.Sql).Groups["name"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""^create\s+(role|user|group|extension)\s+(if\s+not\s+exists\s+)?"?(?<name>[^"\s;]+)""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex Made();

    [GeneratedRegex(@"\b(create|alter)\s+schema\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex MakesSchema();

    [GeneratedRegex(@"[\p{L}_][\p{L}\p{N}_$-]*", RegexOptions.None, 60_000)]
    private static partial Regex Word();
}

/// <param name="Schema">Where its objects are.</param>
public sealed record InstalledExtension(string Name, string Schema, string Version)
{
    /// <summary>Statements that make something with the names and types of its members, for a server that does not have it.</summary>
    public IReadOnlyList<StandInMember> StandIn { get; init; } = [];
}

/// <param name="Statement">Makes it.</param>
/// <param name="Member">What the server calls it as a part of its extension; empty: it is none.</param>
public sealed record StandInMember(string Statement, string Member);

/// <summary>A role without its password.</summary>
/// <param name="Attributes">As CREATE ROLE takes them.</param>
/// <param name="MemberOf">The roles that it is a member of.</param>
public sealed record ServerRole(string Name, string Attributes, IReadOnlyList<string> MemberOf);

/// <param name="Value">As the server's <c>set_config</c> takes it.</param>
/// <param name="OfDatabase">It belongs to the database; any other comes from the server, a role or the URL.</param>
public sealed record SessionSetting(string Name, string Value, bool OfDatabase);

/// <summary>How a database keeps and sorts text.</summary>
/// <param name="Provider"><c>libc</c>, <c>icu</c> or <c>builtin</c>.</param>
/// <param name="Locale">Of ICU or the server's own provider; null: <paramref name="Collate"/> says it.</param>
public sealed record TextTraits(string Encoding, string Collate, string CharacterType, string Provider, string? Locale);

using System.Text.RegularExpressions;
using Eclusier.Planning;

namespace Eclusier.Catalog;

/// <summary>What migrations find on a server before the first of them runs; a sandbox on which they are replayed must have it, too.</summary>
/// <param name="Platform">plain, supabase or neon.</param>
/// <param name="User">Who runs them.</param>
/// <param name="Roles">Names of all roles.</param>
/// <param name="SearchPath">As the server writes it.</param>
public sealed partial record Surroundings(string Platform, string User, IReadOnlyList<string> Roles, IReadOnlyList<InstalledExtension> Extensions, string SearchPath)
{
    /// <summary>Without what the migrations make themselves: they would find it there already.</summary>
    public Surroundings Without(IEnumerable<Step> steps)
    {
        var statements = steps.SelectMany(step => step.Statements).ToList();
        var roles = NamesMadeBy(statements, "create-role");
        var extensions = NamesMadeBy(statements, "create-extension");
        return this with { Roles = [.. Roles.Where(role => !roles.Contains(role))], Extensions = [.. Extensions.Where(extension => !extensions.Contains(extension.Name))] };
    }

    private static HashSet<string> NamesMadeBy(IEnumerable<Statement> statements, string kind) =>
        statements.Where(statement => statement.Kind == kind).Select(statement => Made().Match(statement.Sql).Groups["name"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""^create\s+(role|user|group|extension)\s+(if\s+not\s+exists\s+)?"?(?<name>[^"\s;]+)""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Made();
}

/// <param name="Schema">Where its objects are.</param>
public sealed record InstalledExtension(string Name, string Schema);

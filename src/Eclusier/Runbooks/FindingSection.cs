namespace Eclusier.Runbooks;

/// <summary>A check that names a rule of the diagnosis: <c>finding</c> and <c>on</c>. The rules are PostgreSQL's.</summary>
internal static class FindingSection
{
    /// <returns>Null when this is another kind of check.</returns>
    public static DiagnosticScope? Read(RunbookNode node, QuerySection sections)
    {
        var (finding, on) = (node.Find("finding"), node.Find("on"));
        if (finding is null)
        {
            on?.Error("\"on\" belongs to: finding", "« on » appartient à : finding");
            return null;
        }

        if (!sections.HasMigrations)
            finding.Error("\"finding\" asks a PostgreSQL database and needs the section `migrations`; MongoDB has no findings", "« finding » interroge une base PostgreSQL et demande la section `migrations` ; MongoDB n'a pas de constats");
        var rule = finding.Text() ?? "";
        if (sections.FindingRules is { } known && !known.Contains(rule))
            finding.Unknown(rule, known);
        return new DiagnosticScope { Rule = rule, On = on?.Text() };
    }

    /// <summary>A figure is all that there is to compare.</summary>
    public static void OnlyEquals(RunbookNode node)
    {
        foreach (var key in new[] { "rows", "contains", "under", "samples" })
            node.Find(key)?.Error($"\"{key}\" does not belong to a check with \"finding\": it has \"equals\"", $"« {key} » n'appartient pas à un contrôle avec « finding » : il a « equals »");
        if (node.Find("equals") is null)
            node.Error("a check with \"finding\" needs \"equals\"", "un contrôle avec « finding » demande « equals »");
    }
}

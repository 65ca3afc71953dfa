using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Reports;

/// <summary>What is wrong with the target, or likely to become so: before the migrations, and as far as checks asked, after them.</summary>
internal static class DiagnosticSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        var asked = record.Checks.Where(check => check.Findings is not null).ToList();
        if (record.Inspection?.Findings is null && asked.Count == 0)
            return;
        to.Section("Diagnostic", "Diagnostic");
        if (record.Inspection?.Findings is { } before)
            Table(to, to.Say("Before the migrations", "Avant les migrations"), before);
        if (asked.Count > 0)
            Table(to, to.Say("Asked by checks, afterwards", "Demandé par des contrôles, après"), [.. asked.SelectMany(check => check.Findings!).Distinct()]);
    }

    private static void Table(MarkdownWriter to, string when, IReadOnlyList<Finding> findings)
    {
        to.Paragraph(findings.Count == 0 ? to.Say($"{when}: nothing found.", $"{when} : rien à signaler.") : to.Say($"{when}:", $"{when} :"));
        if (findings.Count == 0)
            return;
        to.Table(
            [to.Say("Severity", "Risque"), to.Say("Finding", "Constat"), to.Say("Object", "Objet"), to.Say("Evidence", "Preuve"), to.Say("Remedy", "Remède")],
            findings.Select(found => new[] { found.Severity.Name().In(to.Language), found.Rule, found.Object, found.Evidence.In(to.Language), found.Remedy.In(to.Language) }));
    }
}

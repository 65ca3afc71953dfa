using System.Text;
using Eclusier.Postgres.Diagnostics;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary><c>docs/findings.md</c> is made from the rules; <c>ECLUSIER_UPDATE_GOLDEN=1</c> makes it anew.</summary>
[Trait("Needs", "no server")]
public sealed class FindingReferenceTests
{
    [Fact]
    public void The_reference_is_current()
    {
        var file = Path.Combine(DocsFolder(), "findings.md");
        var reference = Reference();
        if (Environment.GetEnvironmentVariable("ECLUSIER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, reference);

        Assert.Equal(File.ReadAllText(file), reference);
    }

    private static string Reference()
    {
        var text = new StringBuilder("""
            # Findings

            What `eclusier inspect` finds wrong with a PostgreSQL database, or likely to become so. A runbook's `inspect.ignore` and its checks with `finding`
            refer to these by name. The connection cannot write, and a rule that reads tables does so for `inspect.budget` at most. Left out are the system,
            extensions, what the platform brings along, temporary and tracking tables.

            A check compares `equals` with the sum of what the rule counts, where that is said below, and else with the number of findings. What could not be
            counted in time, or may not be read, is a finding of its own, and no check passes on it.

            This page is generated from the rules. The tests hold every example against a real server: the first is found and nothing else is, in the second
            nothing is found.


            """);
        foreach (var rule in FindingRules.All)
            Append(text, rule);
        return text.ToString();
    }

    private static void Append(StringBuilder text, FindingRule rule)
    {
        text.Append("## ").Append(rule.Id).Append("\n\nSeverity: ").Append(rule.Severity.ToString().ToLowerInvariant()).Append('.');
        if (rule.Counts is { } counts)
            text.Append(" Counts ").Append(counts.En).Append('.');
        if (rule.NotOnCopy is { } why)
            text.Append(" Not asked in a rehearsal: ").Append(why.En).Append('.');
        text.Append("\n\n").Append(rule.Why.En).Append("\n\n```sql\n-- found: ").Append(rule.Found).Append('\n').Append(rule.Bad).Append("\n```\n\n```sql\n-- not found\n").Append(rule.Good).Append("\n```\n\n");
    }

    private static string DocsFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs"));
}

using System.Text;
using Eclusier.Postgres.Hazards;

namespace Eclusier.Postgres.Tests.Sql;

/// <summary><c>docs/hazards.md</c> is made from the rules; <c>ECLUSIER_UPDATE_GOLDEN=1</c> makes it anew.</summary>
[Trait("Needs", "no server")]
public sealed class HazardReferenceTests
{
    [Fact]
    public void The_reference_is_current()
    {
        var file = Path.Combine(DocsFolder(), "hazards.md");
        var reference = Reference();
        if (Environment.GetEnvironmentVariable("ECLUSIER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, reference);

        Assert.Equal(File.ReadAllText(file), reference);
    }

    private static string Reference()
    {
        var text = new StringBuilder($"""
            # Hazards

            What a statement can do to a live database. `eclusier lint` and `eclusier plan` name these; a runbook's `policy.forbid` and `policy.allow`,
            and `-- eclusier: allow RULE -- reason` in a file, refer to them by name. Locks are PostgreSQL's
            [table-level locks](https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES); every lock and every rewrite claimed here is
            held against a real server by the tests. A table that the same plan creates is in no danger, and a lock on a small one is of low risk.

            This page is generated from the rules. The examples use these tables:

            ```sql
            {ExampleSchema.Sql}
            ```

            """).Append('\n');
        foreach (var effect in HazardRules.All.GroupBy(rule => rule.Effect).OrderBy(group => group.Key))
        {
            text.Append("## ").Append(Title(effect.Key)).Append("\n\n");
            foreach (var rule in effect.OrderBy(rule => rule.Id, StringComparer.Ordinal))
                Append(text, rule);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, HazardRule rule)
    {
        text.Append("### ").Append(rule.Id).Append("\n\nRisk: ").Append(rule.Severity.ToString().ToLowerInvariant()).Append('.');
        if (rule.Lock is { } mode)
            text.Append(" Lock: ").Append(mode.Name()).Append(mode.BlocksReads() ? " (nobody reads or writes)" : mode.BlocksWrites() ? " (nobody writes)" : "").Append('.');
        text.Append(rule.Work switch { TableWork.Scan => " Reads every row.", TableWork.Rewrite => " Writes every row anew.", _ => "" });
        if (rule.Introduced > 0)
            text.Append($" Since PostgreSQL {rule.Introduced}.");
        if (rule.Since > 0)
            text.Append($" The safe way needs PostgreSQL {rule.Since}.");
        text.Append("\n\n").Append(rule.Why.En).Append("\n\n```sql\n-- instead of\n").Append(rule.Bad).Append("\n-- write\n").Append(rule.Good).Append("\n```\n\n");
    }

    private static string Title(HazardEffect effect) => effect switch
    {
        HazardEffect.LosesData => "Loses data",
        HazardEffect.Blocks => "Makes the application wait",
        HazardEffect.BreaksClients => "Breaks running clients",
        HazardEffect.OpensAccess => "Opens doors",
        HazardEffect.Habit => "Habits that cost later",
        _ => "Cannot be seen beforehand",
    };

    private static string DocsFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs"));
}

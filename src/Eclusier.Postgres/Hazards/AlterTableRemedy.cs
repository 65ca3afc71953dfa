using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// An ALTER TABLE, taken apart: the commands that are light as they are stay together, and each that reads the table under a strong lock is replaced by steps that prove the same
/// while others work. All findings in one statement share this remedy.
/// </summary>
internal static class AlterTableRemedy
{
    /// <returns>Null when the statement cannot be taken apart, or holds a command that has no such steps.</returns>
    public static string? Of(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { } alter || AlterTableText.Of(new StatementTokens(node.Statement.Sql)) is not { } text || text.Commands.Count != node.TableChanges.Count)
            return null;
        var (asItIs, first, second, third) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        foreach (var (change, command) in node.TableChanges.Zip(text.Commands))
        {
            var table = new AlteredTable(change.Table, text.Head, IsOnly: !alter.Field("relation")!.Flag("inh"), context);
            if (SafeSteps.Of(change, command, table) is not { } steps)
                return null;
            if (steps.AsItIs is { } kept)
                asItIs.Add(kept);
            first.AddRange(steps.First);
            second.AddRange(steps.Second);
            third.AddRange(steps.Third);
        }

        var now = asItIs.Count > 0 ? [$"{text.Head} {string.Join(", ", asItIs)}", .. first] : first;
        // All is proved before the first strong lock is taken: behind it, a proof would read the rows while everybody waits.
        return new Rollout(now).Then(second.OrderBy(statement => !IsProof(statement))).Then(third).ToString();
    }

    private static bool IsProof(string statement) => new StatementTokens(statement).Find(0, "validate") >= 0;
}

/// <param name="Head">As it is written: <c>alter table if exists orders</c>.</param>
/// <param name="IsOnly">ALTER TABLE ONLY: children are left alone.</param>
internal sealed record AlteredTable(TableName Name, string Head, bool IsOnly, HazardContext Context);

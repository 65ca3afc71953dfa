using Eclusier.Planning;

namespace Eclusier.Runbooks;

/// <summary><c>policy:</c></summary>
internal static class PolicySection
{
    public static Policy Read(RunbookNode? node, IReadOnlyList<string> environments, KnownRules? rules)
    {
        var policy = new Policy();
        if (node is null)
            return policy;
        var only = node.Find("only_on");
        policy = new Policy
        {
            OnlyOn = only?.Texts() ?? [],
            Forbid = Names(node.Find("forbid"), rules is null ? null : [.. rules.Hazards, .. rules.Statements]),
            Only = Names(node.Find("only"), rules?.Statements),
            Allow = [.. (node.Find("allow")?.Items() ?? []).Select(allow => Allowed(allow, rules))],
            MaxRisk = node.Find("max_risk")?.OneOf("low", "medium", "high") switch
            {
                "low" => Risk.Low,
                "medium" => Risk.Medium,
                "high" => Risk.High,
                _ => null,
            },
            LockTimeout = node.Find("lock_timeout")?.Duration() ?? policy.LockTimeout,
            RetryFor = node.Find("retry_for")?.Duration() ?? policy.RetryFor,
            StatementTimeout = node.Find("statement_timeout")?.Duration() ?? policy.StatementTimeout,
            RequireRollback = node.Find("require_rollback")?.Boolean() ?? policy.RequireRollback,
            BatchTarget = node.Find("batch_target")?.Duration() ?? policy.BatchTarget,
            MaxReplicationLag = node.Find("max_replication_lag")?.Duration() ?? policy.MaxReplicationLag,
            PauseWhile = node.Find("pause_while")?.Sql(),
        };
        foreach (var unknown in policy.OnlyOn.Except(environments, StringComparer.Ordinal))
            only!.NoEnvironment(unknown, environments);
        node.NoOtherKeys();
        return policy;
    }

    /// <param name="known">Null: whoever asks will know.</param>
    private static IReadOnlyList<string> Names(RunbookNode? node, IReadOnlyCollection<string>? known)
    {
        if (node is null)
            return [];
        foreach (var item in node.Items())
        {
            if (known is not null && item.Text() is { } name && !known.Contains(name))
                item.Unknown(name, known);
        }

        return node.Texts();
    }

    private static AllowedHazard Allowed(RunbookNode node, KnownRules? rules)
    {
        var hazard = node.Required("hazard");
        if (rules is not null && hazard?.Text() is { } name && !rules.Hazards.Contains(name))
            hazard.Unknown(name, rules.Hazards);
        var allowed = new AllowedHazard(hazard?.Text() ?? "", node.Find("migration")?.Text(), node.Required("because")?.Text() ?? "");
        node.NoOtherKeys();
        return allowed;
    }
}

using Eclusier.Planning;

namespace Eclusier.Runbooks;

/// <summary><c>policy:</c></summary>
internal static class PolicySection
{
    public static Policy Read(RunbookNode? node, IReadOnlyList<string> environments)
    {
        var policy = new Policy();
        if (node is null)
            return policy;
        var only = node.Find("only_on");
        policy = new Policy
        {
            OnlyOn = only?.Texts() ?? [],
            Forbid = node.Find("forbid")?.Texts() ?? [],
            Only = node.Find("only")?.Texts() ?? [],
            Allow = [.. (node.Find("allow")?.Items() ?? []).Select(Allowed)],
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
            PauseWhile = node.Find("pause_while")?.Text(),
        };
        foreach (var unknown in policy.OnlyOn.Except(environments, StringComparer.Ordinal))
            only!.NoEnvironment(unknown, environments);
        node.NoOtherKeys();
        return policy;
    }

    private static AllowedHazard Allowed(RunbookNode node)
    {
        var allowed = new AllowedHazard(node.Required("hazard")?.Text() ?? "", node.Find("migration")?.Text(), node.Required("because")?.Text() ?? "");
        node.NoOtherKeys();
        return allowed;
    }
}

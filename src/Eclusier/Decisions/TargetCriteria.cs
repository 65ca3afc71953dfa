using Eclusier.Evidence;

namespace Eclusier.Decisions;

/// <summary>Is this the right database, and is it in a state to be migrated?</summary>
internal static class TargetCriteria
{
    public static Criterion Environment(DecisionFacts evidence)
    {
        var title = new Text("Right environment", "Bon environnement");
        var (name, allowed) = (evidence.Environment.Name, evidence.Runbook.Policy.OnlyOn);
        if (allowed.Count == 0)
            return new Criterion("environment", title, Verdict.NotAsked, Text.Same($"{name} ({evidence.Plan.Target})"));
        var list = string.Join(", ", allowed);
        return allowed.Contains(name)
            ? new Criterion("environment", title, Verdict.Passed, Text.Same($"{name} ({evidence.Plan.Target})"))
            : new Criterion("environment", title, Verdict.Failed,
                new Text($"{name} is not among the environments of policy.only_on: {list}", $"{name} n'est pas parmi les environnements de policy.only_on : {list}"),
                new Text("Choose one of them with --env, or change the runbook.", "Choisissez-en un avec --env, ou modifiez le runbook."));
    }

    public static Criterion Server(DecisionFacts evidence)
    {
        var title = new Text("Server can be migrated", "Serveur migrable");
        if (evidence.Inspection is { InRecovery: false, ReadOnly: true })
        {
            return new Criterion("server", title, Verdict.Failed,
                new Text("default_transaction_read_only is on here: the server would refuse every write", "default_transaction_read_only est activé ici : le serveur refuserait toute écriture"),
                new Text(
                    "Find out who set it and why (select * from pg_db_role_setting; show default_transaction_read_only). To migrate all the same: ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only, or ?options=-c%20default_transaction_read_only%3Doff at the end of the URL.",
                    "Cherchez qui l'a activé et pourquoi (select * from pg_db_role_setting ; show default_transaction_read_only). Pour migrer malgré tout : ALTER DATABASE ou ALTER ROLE … RESET default_transaction_read_only, ou ?options=-c%20default_transaction_read_only%3Doff à la fin de l'URL."));
        }

        return evidence.Inspection.InRecovery
            ? new Criterion("server", title, Verdict.Failed,
                new Text("the server is a standby: it accepts no writes", "le serveur est un réplica : il n'accepte pas d'écriture"),
                new Text("Use the address of the primary.", "Utilisez l'adresse du serveur primaire."))
            : new Criterion("server", title, Verdict.Passed, Text.Same(evidence.Inspection.ServerVersion));
    }

    public static Criterion Traffic(DecisionFacts evidence)
    {
        var title = new Text("No long transaction", "Aucune transaction longue");
        if (evidence.Inspection.System == DatabaseSystem.MongoDb)
            return new Criterion("traffic", title, Verdict.NotAsked, new Text("not looked for on MongoDB", "non cherché sur MongoDB"));
        var longest = evidence.Inspection.LongTransactions.MaxBy(transaction => transaction.Seconds);
        return longest is null
            ? new Criterion("traffic", title, Verdict.Passed, new Text("none", "aucune"))
            : new Criterion("traffic", title, Verdict.Warning,
                new Text(
                    $"{evidence.Inspection.LongTransactions.Count} open; the longest since {longest.Seconds:0} s (pid {longest.ProcessId}, {longest.Application}, {longest.User}, {longest.State})",
                    $"{evidence.Inspection.LongTransactions.Count} ouverte(s) ; la plus longue depuis {longest.Seconds:0} s (pid {longest.ProcessId}, {longest.Application}, {longest.User}, {longest.State})"),
                new Text("A migration may have to wait for it: let it end, or end it.", "Une migration devra peut-être l'attendre : laissez-la finir, ou terminez-la."));
    }

    public static Criterion ChecksBefore(DecisionFacts evidence)
    {
        var title = new Text("Checks before", "Contrôles avant migration");
        if (evidence.ChecksBefore.Count == 0)
            return new Criterion("checks_before", title, Verdict.NotAsked, new Text("the runbook has none", "le runbook n'en a pas"));
        var failed = evidence.ChecksBefore.Where(check => !check.Passed && !check.Skipped).ToList();
        return failed.Count == 0
            ? new Criterion("checks_before", title, Verdict.Passed, new Text($"{evidence.ChecksBefore.Count} passed", $"{evidence.ChecksBefore.Count} réussi(s)"))
            : new Criterion("checks_before", title, Verdict.Failed,
                Text.Join(failed.Select(check => check.Difference)),
                new Text("The database is not in the state that this runbook starts from.", "La base n'est pas dans l'état d'où part ce runbook."));
    }
}

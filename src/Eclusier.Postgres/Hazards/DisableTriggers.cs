using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>Triggers that do not fire, and with them the checks of foreign keys.</summary>
internal static class DisableTriggers
{
    public static HazardRule Rule { get; } = new("disable-triggers", Risk.Medium, HazardEffect.LosesData, Check)
    {
        Statements = ["AlterTableStmt", "VariableSetStmt", "SelectStmt"],
        Lock = LockMode.ShareRowExclusive,
        Why = new(
            "What writes to the table meanwhile passes by its triggers: histories, counters, and with ALL or session_replication_role also the foreign keys, which nothing checks afterwards. Rows that refer to nothing stay.",
            "Ce qui écrit dans la table entre-temps échappe à ses déclencheurs : historiques, compteurs, et avec ALL ou session_replication_role aussi les clés étrangères, que rien ne vérifie ensuite. Des lignes qui ne renvoient à rien restent."),
        Bad = "alter table orders disable trigger all;",
        Good = "-- leave the triggers on, and load the rows in small batches, parents first",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        foreach (var change in node.TableChanges)
        {
            var table = change.Table;
            if (change.Is("AT_DisableTrigAll"))
            {
                yield return new HazardFinding(
                    new Text($"disables all triggers of {table}, its foreign keys among them: nothing checks afterwards what is written meanwhile", $"désactive tous les déclencheurs de {table}, ses clés étrangères comprises : rien ne vérifie ensuite ce qui est écrit entre-temps"),
                    table);
            }
            else if (change.Is("AT_DisableTrigUser") || change.Is("AT_DisableTrig"))
            {
                var name = change.Command.Text("name");
                yield return new HazardFinding(
                    name.Length > 0
                        ? new Text($"disables trigger {name} of {table}: what is written meanwhile passes it by", $"désactive le déclencheur {name} de {table} : ce qui est écrit entre-temps lui échappe")
                        : new Text($"disables the triggers of {table}: what is written meanwhile passes them by", $"désactive les déclencheurs de {table} : ce qui est écrit entre-temps leur échappe"),
                    table);
            }
        }

        if (SetsReplica(node.Tree))
        {
            yield return new HazardFinding(new Text(
                "session_replication_role = replica: no trigger fires and no foreign key is checked, nor afterwards",
                "session_replication_role = replica : aucun déclencheur ne s'exécute et aucune clé étrangère n'est vérifiée, ni ensuite"));
        }
    }

    private static bool SetsReplica(TreeNode? tree) => tree switch
    {
        { Type: "VariableSetStmt" } setting => setting.Text("name") == "session_replication_role" && setting.Items("args").Any(IsReplica),
        { Type: "SelectStmt" } select => select.Descendants("FuncCall").Any(call =>
            TableName.Of(call.Items("funcname")).Name == "set_config" && call.Items("args").ToArray() is [var name, var value, ..]
            && name.Field("sval")?.Text("sval").ToLowerInvariant() == "session_replication_role" && IsReplica(value)),
        _ => false,
    };

    private static bool IsReplica(TreeNode value) => value.Field("sval")?.Text("sval").Equals("replica", StringComparison.OrdinalIgnoreCase) == true;
}

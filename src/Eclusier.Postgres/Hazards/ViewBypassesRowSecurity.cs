using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A view on a table with row security reads it with its owner's rights.</summary>
internal static class ViewBypassesRowSecurity
{
    public static HazardRule Rule { get; } = new("view-bypasses-row-security", Risk.Medium, HazardEffect.OpensAccess, Check)
    {
        Statements = ["ViewStmt"],
        Since = 15,
        Why = new(
            "A view reads its tables with the rights of the view's owner, for whom row security usually does not hold: whoever may read the view reads every row. From PostgreSQL 15 on, security_invoker makes it read with the reader's own.",
            "Une vue lit ses tables avec les droits de son propriétaire, pour qui la sécurité par ligne ne vaut généralement pas : qui lit la vue lit toutes les lignes. À partir de PostgreSQL 15, security_invoker la fait lire avec les droits du lecteur."),
        Bad = "alter table accounts enable row level security;\ncreate view account_owners as select owner from accounts;",
        Good = "create view account_owners with (security_invoker = true) as select owner from accounts;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        if (node.Tree is not { Type: "ViewStmt" } view || view.Table("view") is not { } name || view.OptionIsOn("options", "security_invoker") || context.IsOlderThan(15) || !context.KnowsRowSecurity)
            yield break;
        var read = view.Descendants("RangeVar").Select(TableName.Of).Where(table => context.HasRowSecurity(table) || context.Migration.Secures(table)).Select(table => table.ToString()).Distinct(StringComparer.Ordinal).ToArray();
        if (read.Length == 0)
            yield break;
        var tables = string.Join(", ", read);
        yield return new HazardFinding(new Text(
            $"view {name} shows every row of {tables} to its readers, whatever the policies say; add WITH (security_invoker = true)",
            $"la vue {name} montre à ses lecteurs toutes les lignes de {tables}, quoi que disent les politiques ; ajoutez WITH (security_invoker = true)"),
            Remedy: $"alter view {name.Sql} set (security_invoker = true);");
    }
}

using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Says of a migration, before it runs, whether it can be undone: what the catalog knows can be put back, what only rows knew cannot.</summary>
internal static class Reversibility
{
    /// <param name="rollback">The migration says itself how it is undone.</param>
    public static (Reversible Reversible, Text Reason) Of(IReadOnlyList<StatementNode> statements, CatalogFacts catalog, bool rollback)
    {
        var made = statements.Where(node => node.Tree is { Type: "CreateStmt" } create && !create.Flag("if_not_exists")).Select(node => (node.Tree!.Table() ?? default).Key).ToHashSet(StringComparer.Ordinal);
        var found = statements.Where(node => !Fills(node, made, catalog)).Select(node => Of(node, catalog)).Where(verdict => verdict.Reversible != Reversible.Yes).ToList();
        if (found.Find(verdict => verdict.Reversible == Reversible.LosesData) is { Reason: { } loss })
            return (Reversible.LosesData, loss);
        if (rollback)
            return (Reversible.Yes, new Text("by its rollback file", "par son fichier de retour"));
        if (statements.FirstOrDefault(node => node.Statement.Partition is not null) is { } partitioned && statements.Any(node => node.Statement.Partition is null))
            return No(partitioned, new Text("stands among other statements, and no part of the file undoes them (`-- eclusier: rollback`, `-- eclusier: unpartition`)", "se trouve parmi d'autres instructions, et aucune partie du fichier ne les annule (`-- eclusier: rollback`, `-- eclusier: unpartition`)"));
        return found.Count > 0 ? (Reversible.No, found[0].Reason) : (Reversible.Yes, new Text("by the catalog as it was before", "par le catalogue tel qu'il était avant"));
    }

    /// <summary>Rows of a table that the migration itself makes go with the table.</summary>
    private static bool Fills(StatementNode node, HashSet<string> made, CatalogFacts catalog) =>
        node.Tree is { Type: "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "CopyStmt" } change && !change.Has("withClause") && change.Table() is { } table && made.Contains(table.Key)
        && !CalledFunctions.Of(change).Any(call => !BuiltInFunctions.Contains(call) && IsVolatile(call, catalog) == true);

    private static (Reversible Reversible, Text Reason) Of(StatementNode node, CatalogFacts catalog) => node.Tree switch
    {
        null when node.Statement.Partition is not null => Yes,
        null => No(node, new Text("is not understood", "n'est pas comprise")),
        { Type: "CreateTableAsStmt" } made => Made(node, made, catalog),
        { Type: "ExplainStmt" } explained => explained.OptionIsOn("options", "analyze") ? Made(node, explained, catalog) : Yes,
        { Type: var type } when CatalogOnly.Statements.Contains(type) || CatalogOnly.Neutral.Contains(type) => Yes,
        { Type: "AlterTableStmt" } alter => Table(node, alter, catalog),
        { Type: "DropStmt" } drop => Drop(node, drop, catalog),
        { Type: "RenameStmt" } rename when rename.Text("renameType") == "OBJECT_COLUMN" && rename.Text("relationType") == "OBJECT_MATVIEW" =>
            No(node, new Text("a materialized view is made anew without its indexes", "une vue matérialisée est refaite sans ses index")),
        { Type: "RenameStmt" } rename => Outside(node, rename.Text("renameType")),
        { Type: "AlterOwnerStmt" or "AlterObjectSchemaStmt" } alter => alter.Text("objectType") == "OBJECT_LARGEOBJECT" ? NotKept(node) : Outside(node, alter.Text("objectType")),
        { Type: "CommentStmt" } comment => Outside(node, comment.Text("objtype")),
        { Type: "GrantStmt" } grant => grant.Text("objtype") == "OBJECT_TABLESPACE" ? NotKept(node) : Yes,
        { Type: "DefineStmt" } define => define.Text("kind") == "OBJECT_TYPE" ? No(node, new Text("makes a base type", "crée un type de base")) : Yes,
        { Type: "AlterEnumStmt" } label when label.Text("oldVal").Length > 0 => Yes,
        { Type: "AlterSeqStmt" } sequence when sequence.Items("options").All(option => option.Text("defname") != "restart") => Yes,
        { Type: "AlterFdwStmt" or "AlterForeignServerStmt" or "AlterUserMappingStmt" } options => Options(node, options),
        { Type: "DeleteStmt" or "TruncateStmt" or "DropdbStmt" or "DropOwnedStmt" } => Loses(node, new Text("rows are gone", "des lignes disparaissent")),
        { Type: "InsertStmt" or "UpdateStmt" or "MergeStmt" or "CopyStmt" } => No(node, WritesRows),
        { Type: "SelectStmt" } select => select.Has("intoClause") ? Made(node, select, catalog) : Select(node, select),
        { Type: "DoStmt" } => StatementBody.Of(node) is { Complete: true } body && body.Statements.All(inner => Of(inner, catalog).Reversible == Reversible.Yes)
            ? Yes
            : No(node, new Text("may do anything", "peut faire n'importe quoi")),
        _ => No(node, new Text("cannot be undone from the catalog", "ne s'annule pas d'après le catalogue")),
    };

    private static (Reversible, Text) Table(StatementNode node, TreeNode alter, CatalogFacts catalog)
    {
        foreach (var change in alter.Items("cmds").Select(command => new TableChange(alter.Table() ?? default, command)))
        {
            var column = change.Command.Text("name");
            if (change.Is("AT_DropColumn"))
                return Loses(node, new Text($"the values of {change.Table}.{column} are gone", $"les valeurs de {change.Table}.{column} disparaissent"));
            if (change.Is("AT_SetTableSpace"))
                return No(node, new Text("moves the table to another disk", "déplace la table sur un autre disque"));
            if (change.Is("AT_DropIdentity") || (change.Is("AT_SetIdentity") && OptionsOf(change).Any(option => option.Text("defname") == "restart")))
                return No(node, new Text($"the counter of {change.Table}.{column} is gone", $"le compteur de {change.Table}.{column} disparaît"));
            // What the new owner was granted before becomes the owner's own, and cannot be told from it on the way back.
            if (change.Is("AT_ChangeOwner") && alter.Text("objtype") == "OBJECT_TABLE")
                return No(node, new Text("rights that the new owner had already become one with the owner's", "les droits que le nouveau propriétaire avait déjà se confondent avec les siens"));
            if (change.Is("AT_AddOf") || change.Is("AT_DropOf"))
                return NotKept(node);
            if (change.Is("AT_DropExpression") || change.Is("AT_SetExpression"))
                return No(node, new Text($"the expression of {change.Table}.{column} cannot be given back to it", $"l'expression de {change.Table}.{column} ne peut pas lui être rendue"));
            if (change.Is("AT_AttachPartition") && alter.Text("objtype") == "OBJECT_INDEX")
                return No(node, new Text("an index that was attached cannot be detached", "un index rattaché ne peut pas être détaché"));
            if ((change.Is("AT_GenericOptions") || change.Is("AT_AlterColumnGenericOptions")) && ReplacesSecret(OptionsOf(change)))
                return No(node, Secret);
            if (!change.Is("AT_AlterColumnType"))
                continue;
            var current = catalog.Types.GetValueOrDefault($"{change.Table.Key}.{column}");
            if (TypeChange.Loses(current, change.Command))
                return Loses(node, new Text($"the new type of {change.Table}.{column} holds less", $"le nouveau type de {change.Table}.{column} contient moins"));
            if (current is null || !TypeChange.OnlyWidens(current, change.Command))
                return No(node, new Text($"the values of {change.Table}.{column} are converted", $"les valeurs de {change.Table}.{column} sont converties"));
        }

        return Yes;
    }

    private static IEnumerable<TreeNode> OptionsOf(TableChange change) => change.Command.Child("def") is { Type: "List" } list ? list.Items("items") : [];

    private static (Reversible, Text) Drop(StatementNode node, TreeNode drop, CatalogFacts catalog)
    {
        var (type, cascades) = (drop.Text("removeType"), drop.Text("behavior") == "DROP_CASCADE");
        if (type is "OBJECT_TYPE" or "OBJECT_DOMAIN" && !cascades)
            return Yes; // Nothing uses it.
        if (CatalogOnly.LostWithTheirRows.Contains(type))
            return Loses(node, new Text("what it held is gone", "son contenu disparaît"));
        if (type is "OBJECT_FOREIGN_SERVER" or "OBJECT_FDW")
            return No(node, Secret);
        var takesColumns = CatalogOnly.UsedByColumns.Contains(type) || (type is "OBJECT_FUNCTION" or "OBJECT_ROUTINE" && DroppedObjects.Names(drop).Any(name => catalog.FunctionsOfColumns.Contains(name.Key)));
        return cascades && takesColumns ? Loses(node, new Text("CASCADE takes columns along that use it", "CASCADE emporte les colonnes qui l'utilisent")) : Yes;
    }

    private static (Reversible, Text) Options(StatementNode node, TreeNode change) =>
        change.Flag("has_version") ? NotKept(node) : ReplacesSecret(change.Items("options")) ? No(node, Secret) : Yes;

    /// <summary>What is set anew or dropped may be a password, and none is written down.</summary>
    private static bool ReplacesSecret(IEnumerable<TreeNode> options) =>
        options.Any(option => option.Text("defaction") is "DEFELEM_SET" or "DEFELEM_DROP" && SnapshotQuery.IsSecret(option.Text("defname")));

    private static Text Secret => new("a password that it may hold is written down nowhere", "un mot de passe qu'il peut contenir n'est noté nulle part");

    private static (Reversible, Text) Outside(StatementNode node, string objectType) => CatalogOnly.OutsideTheCatalog.Contains(objectType) ? NotKept(node) : Yes;

    private static (Reversible, Text) NotKept(StatementNode node) => No(node, new Text("cannot be undone from the catalog", "ne s'annule pas d'après le catalogue"));

    /// <summary>A query that only looks changes nothing; a function of the user's may.</summary>
    private static (Reversible, Text) Select(StatementNode node, TreeNode select)
    {
        if (ChangesData(node))
            return No(node, WritesRows);
        var call = CalledFunctions.Of(select).FirstOrDefault(name => !IsHarmless(name));
        return call.Name is null ? Yes : MayWrite(node, call);
    }

    /// <summary>A table or a view that is made of what a query finds, and a query that is only timed: of the same harm, where the query itself writes.</summary>
    private static (Reversible, Text) Made(StatementNode node, TreeNode query, CatalogFacts catalog)
    {
        if (ChangesData(node) || query.Child("query")?.Type == "ExecuteStmt")
            return No(node, WritesRows);
        var call = CalledFunctions.Of(query).FirstOrDefault(name => !BuiltInFunctions.Contains(name) && IsVolatile(name, catalog) != false);
        return call.Name is null ? Yes : MayWrite(node, call);
    }

    private static bool? IsVolatile(TableName function, CatalogFacts catalog) => new PlanFacts(new Dictionary<string, TableFacts>(StringComparer.Ordinal), catalog).IsVolatile(function);

    private static bool ChangesData(StatementNode node) => DataChanges.Statements.Any(type => type != "SelectStmt" && DataChanges.Find(node, type).Any());

    private static (Reversible, Text) MayWrite(StatementNode node, TableName call) => No(node, new Text($"{call}() may write rows", $"{call}() peut écrire des lignes"));

    private static Text WritesRows => new("writes rows", "écrit des lignes");

    private static bool IsHarmless(TableName function) =>
        function.Schema is null or "pg_catalog" && (function.Name.StartsWith("pg_", StringComparison.Ordinal) || function.Name is "set_config" or "current_setting" or "count" or "now" or "format" or "version");

    private static (Reversible Reversible, Text Reason) Yes => (Reversible.Yes, Text.Same(""));

    private static (Reversible, Text) No(StatementNode node, Text why) => (Reversible.No, At(node, why));

    private static (Reversible, Text) Loses(StatementNode node, Text why) => (Reversible.LosesData, At(node, why));

    private static Text At(StatementNode node, Text why) => new($"line {node.Statement.Line}: {node.Kind}: {why.En}", $"ligne {node.Statement.Line} : {node.Kind} : {why.Fr}");
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What rules may know of the other statements of the same migration. Gathered once: a rule that looked through them itself would make a long file slow.</summary>
public sealed class MigrationFacts
{
    private readonly Dictionary<string, int> _firstChange = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Constraint), int> _constraints = [];
    private readonly HashSet<string> _droppedFunctions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _securedTables = new(StringComparer.Ordinal);
    private readonly HashSet<string?> _securedSchemas = new(StringComparer.Ordinal);

    public MigrationFacts(IReadOnlyList<StatementNode> script)
    {
        foreach (var (position, node) in script.Index())
        {
            if (!TransactionBlocks.Refuses(node) && node.Kind is not ("set" or "reset" or "comment"))
                OrdinaryStatements++;
            if (node.Tree is { Type: "DropStmt" } drop && drop.Text("removeType") == "OBJECT_FUNCTION")
                _droppedFunctions.UnionWith(DroppedObjects.Names(drop).Select(function => function.Key));
            foreach (var change in node.TableChanges)
                Note(change, position);
        }
    }

    public static MigrationFacts None { get; } = new([]);

    /// <summary>Its statements are one transaction: what one locks stays locked until the end.</summary>
    public bool Transactional { get; init; } = true;

    /// <summary>Statements that could run in a transaction, settings and comments left out.</summary>
    public int OrdinaryStatements { get; }

    /// <summary>Tables that nobody else can use since the statements before, because they are locked until the migration ends.</summary>
    internal HashSet<string> Locked { get; } = new(StringComparer.Ordinal);

    /// <summary>An ALTER TABLE stands before this position.</summary>
    internal bool IsChangedBefore(TableName table, int position) => _firstChange.TryGetValue(table.Key, out var first) && first < position;

    /// <summary>An ADD CONSTRAINT of that name stands before this position.</summary>
    internal bool IsConstraintAddedBefore(TableName table, string constraint, int position) =>
        _constraints.TryGetValue((table.Key, constraint), out var added) && added < position;

    /// <summary>A DROP FUNCTION of that name, with whatever parameters.</summary>
    internal bool DropsFunction(TableName function) => _droppedFunctions.Contains(function.Key);

    /// <summary>The migration enables row security on some table.</summary>
    internal bool SecuresTables => _securedTables.Count > 0;

    /// <summary>The migration enables row security on the table.</summary>
    internal bool Secures(TableName table) => _securedTables.Contains(table.Key);

    /// <summary>The migration enables row security on some table of the same schema.</summary>
    internal bool SecuresSchemaOf(TableName table) => _securedSchemas.Contains(table.Schema ?? "public");

    private void Note(TableChange change, int position)
    {
        _firstChange.TryAdd(change.Table.Key, position);
        if (change.Constraint is { } constraint)
            _constraints.TryAdd((change.Table.Key, constraint.Text("conname")), position);
        if (!change.Is("AT_EnableRowSecurity"))
            return;
        _securedTables.Add(change.Table.Key);
        _securedSchemas.Add(change.Table.Schema ?? "public");
    }
}

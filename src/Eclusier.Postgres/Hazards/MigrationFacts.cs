using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What rules may know of the other statements of the same migration. Gathered once: a rule that looked through them itself would make a long file slow.</summary>
public sealed class MigrationFacts
{
    private readonly List<DroppedFunction> _droppedFunctions = [];
    private readonly HashSet<(string Table, string Constraint)> _addedConstraints = [];
    private readonly HashSet<(string Kind, string Name)> _created = [];
    private readonly HashSet<string> _securedTables = new(StringComparer.Ordinal);
    private readonly HashSet<string?> _securedSchemas = new(StringComparer.Ordinal);

    public MigrationFacts(IReadOnlyList<StatementNode> script)
    {
        foreach (var (position, node) in script.Index())
        {
            if (!TransactionBlocks.Refuses(node) && node.Statement.Control is null && node.Kind is not ("set" or "reset" or "comment"))
                OrdinaryStatements++;
            if (node.Kind is not ("set" or "reset" or "comment" or "show"))
                LastOrdinaryPosition = position;
            if (node.Tree is { Type: "DropStmt" } drop && drop.Text("removeType") == "OBJECT_FUNCTION")
                _droppedFunctions.AddRange(drop.Items("objects").Select(function => DroppedFunction.Of(function, position)));
            foreach (var change in node.TableChanges)
                Note(change);
            if (node.Tree is { Type: "CreateTrigStmt" } trigger)
                _created.Add(("OBJECT_TRIGGER", trigger.Text("trigname")));
            else if (node.Tree is { Type: "CreatePolicyStmt" } policy)
                _created.Add(("OBJECT_POLICY", policy.Text("policy_name")));
        }
    }

    public static MigrationFacts None { get; } = new([]);

    /// <summary>Its statements are one transaction: what one locks stays locked until the end.</summary>
    public bool Transactional { get; init; } = true;

    /// <summary>Statements that could run in a transaction, settings and comments left out.</summary>
    public int OrdinaryStatements { get; }

    /// <summary>Where the last statement stands that is neither a setting nor a comment; -1 when there is none.</summary>
    internal int LastOrdinaryPosition { get; } = -1;

    /// <summary>Tables that nobody else can use since the statements before, because they are locked until the migration ends.</summary>
    internal HashSet<string> Locked { get; } = new(StringComparer.Ordinal);

    /// <summary>The file asks for a transaction around its statements.</summary>
    public bool AsksForTransaction { get; init; }

    /// <summary>DROP FUNCTION of that name before this position.</summary>
    internal IEnumerable<DroppedFunction> DroppedBefore(TableName function, int position) =>
        _droppedFunctions.Where(dropped => dropped.Position < position && dropped.Name.Key == function.Key);

    /// <summary>A trigger or a policy of that name is made somewhere in the migration: what is dropped comes anew.</summary>
    internal bool Creates(string kind, string name) => _created.Contains((kind, name));

    /// <summary>ADD CONSTRAINT of that name stands somewhere in the migration: what is dropped comes anew.</summary>
    internal bool AddsConstraint(TableName table, string constraint) => _addedConstraints.Contains((table.Key, constraint));

    /// <summary>The migration enables row security on some table.</summary>
    internal bool SecuresTables => _securedTables.Count > 0;

    /// <summary>The migration enables row security on the table.</summary>
    internal bool Secures(TableName table) => _securedTables.Contains(table.Key);

    /// <summary>The migration enables row security on some table of the same schema.</summary>
    internal bool SecuresSchemaOf(TableName table) => _securedSchemas.Contains(table.Schema ?? "public");

    private void Note(TableChange change)
    {
        if (change.Constraint is { } constraint)
            _addedConstraints.Add((change.Table.Key, constraint.Text("conname")));
        if (!change.Is("AT_EnableRowSecurity"))
            return;
        _securedTables.Add(change.Table.Key);
        _securedSchemas.Add(change.Table.Schema ?? "public");
    }
}

using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What the statements before have done in the same transaction, and what holds until it ends.</summary>
internal sealed class TransactionFacts(TableNames names)
{
    private readonly Dictionary<string, LockMode> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _newEnums = new(StringComparer.Ordinal);
    private readonly HashSet<string> _newEnumValues = new(StringComparer.Ordinal);

    /// <summary>A statement before has locked the table so that others cannot write to it.</summary>
    public bool KeepsWritersOut(TableName table) => _held.TryGetValue(names.KeyOf(table), out var mode) && mode.BlocksWrites();

    /// <summary>Added to an enum that was there before: the server lets nobody use it in this transaction.</summary>
    public bool IsNewEnumValue(string value) => _newEnumValues.Contains(value);

    public bool HasNewEnumValues => _newEnumValues.Count > 0;

    public void Follow(StatementNode node)
    {
        foreach (var (table, mode) in StatementLocks.Of(node))
        {
            var key = names.KeyOf(table);
            if (!_held.TryGetValue(key, out var held) || held < mode)
                _held[key] = mode;
        }

        if (node.Tree is { Type: "CreateEnumStmt" } created)
            _newEnums.Add(TableName.Of(created.Items("typeName")).Name);
        else if (node.Kind == "alter-type-add-value" && node.Tree is { } added && !_newEnums.Contains(TableName.Of(added.Items("typeName")).Name))
            _newEnumValues.Add(added.Text("newVal"));
    }
}

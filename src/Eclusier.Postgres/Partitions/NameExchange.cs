using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>SQL by which the partitioned table and the former one exchange their names, with all that has a name of its own in their schema.</summary>
internal sealed record NameExchange(PartitionNames Names, IReadOnlyList<string> Indexes, IReadOnlyList<string> Statistics, IReadOnlyList<IdentitySequences> Identities)
{
    public static async Task<NameExchange> OfAsync(NpgsqlConnection connection, LiveTable table, TableName other, PartitionNames names, CarriedOver carried, CancellationToken cancellationToken)
    {
        var identities = new List<IdentitySequences>();
        foreach (var column in table.Columns.Where(column => column.Identity))
            identities.Add(new IdentitySequences(await SequenceAsync(connection, table.Name, column, cancellationToken), await SequenceAsync(connection, other, column, cancellationToken)));
        return new NameExchange(names, [.. table.Indexes.Select(index => index.Name)], carried.Statistics, identities);
    }

    /// <summary>The former table steps aside, and the partitioned one into its place.</summary>
    public IEnumerable<string> Forward() =>
    [
        .. Identities.Select(sequences => sequences.GoOn),
        .. Indexes.Select(index => RenameIndex(index, Names.KeptOf(index))),
        .. Statistics.Select(name => RenameStatistics(name, Names.KeptOf(name))),
        .. Identities.Select(sequences => sequences.StepAside(Names.KeptOf)),
        RenameTable(Names.Table, Names.Kept),
        RenameTable(Names.New, Names.Table),
        .. Indexes.Select(index => RenameIndex(PartitionNames.NewIndex(index), index)),
        .. Identities.Select(sequences => sequences.TakeName),
    ];

    /// <summary>The other way round.</summary>
    public IEnumerable<string> Backward() =>
    [
        .. Identities.Select(sequences => sequences.GoOn),
        .. Indexes.Select(index => RenameIndex(index, PartitionNames.NewIndex(index))),
        .. Statistics.Select(name => RenameStatistics(name, PartitionNames.NewIndex(name))),
        .. Identities.Select(sequences => sequences.StepAside(PartitionNames.NewIndex)),
        RenameTable(Names.Table, Names.New),
        RenameTable(Names.Kept, Names.Table),
        // What was made on the partitioned table since has no counterpart.
        .. Indexes.Select(index => $"alter index if exists {Names.Beside(Names.KeptOf(index))} rename to {Identifier.Quote(index)}"),
        .. Statistics.Select(name => RenameStatistics(Names.KeptOf(name), name)),
        .. Identities.Select(sequences => sequences.TakeName),
    ];

    private string RenameIndex(string from, string to) => $"alter index {Names.Beside(from)} rename to {Identifier.Quote(to)}";

    private string RenameStatistics(string from, string to) => $"alter statistics {Names.Beside(from)} rename to {Identifier.Quote(to)}";

    private static string RenameTable(TableName from, TableName to) => $"alter table {from.Quoted} rename to {Identifier.Quote(to.Name)}";

    private static async Task<TableName> SequenceAsync(NpgsqlConnection connection, TableName table, LiveColumn column, CancellationToken cancellationToken) => (await connection.RowsAsync(
        $"""
        select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = pg_get_serial_sequence({Literal.Quote(table.Quoted)}, {Literal.Quote(column.Name)})::regclass
        """,
        row => new TableName(row.GetString(0), row.GetString(1)),
        cancellationToken))[0];
}

/// <summary>An identity column's sequence in the table that has the name, and in the one that takes it.</summary>
internal sealed record IdentitySequences(TableName Leaving, TableName Coming)
{
    /// <summary>The next number is the one that the other would have given.</summary>
    public string GoOn => $"select setval({Literal.Quote(Coming.Quoted)}, last_value, is_called) from {Leaving.Quoted}";

    public string StepAside(Func<string, string> name) => $"alter sequence {Leaving.Quoted} rename to {Identifier.Quote(name(Leaving.Name))}";

    public string TakeName => $"alter sequence {Coming.Quoted} rename to {Identifier.Quote(Leaving.Name)}";
}

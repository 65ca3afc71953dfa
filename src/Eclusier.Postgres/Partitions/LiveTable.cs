using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>A table with what a partitioned one in its place must have, too.</summary>
/// <param name="Owner">Quoted.</param>
/// <param name="Parameters">Of its storage, as WITH wants them; empty where there are none.</param>
/// <param name="Tablespace">Quoted; empty: the database's own.</param>
internal sealed record LiveTable(uint Oid, TableName Name, char Kind, char Persistence, string Owner, string Parameters, string Tablespace, bool RowSecurity, bool Inherits)
{
    public required IReadOnlyList<LiveColumn> Columns { get; init; }

    public required IReadOnlyList<LiveIndex> Indexes { get; init; }

    public required IReadOnlyList<LiveConstraint> ForeignKeys { get; init; }

    /// <summary>Names of constraints that were never proved.</summary>
    public required IReadOnlyList<string> NotValid { get; init; }

    public LiveIndex? PrimaryKey => Indexes.FirstOrDefault(index => index.Constraint == 'p');

    /// <summary>Columns that a row is copied with: those that are computed from others compute themselves.</summary>
    public IEnumerable<string> Copied => Columns.Where(column => !column.Generated).Select(column => Identifier.Quote(column.Name));

    public bool IsPartitioned => Kind == 'p';

    /// <returns>Null when there is no such table.</returns>
    public static async Task<LiveTable?> FindAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        var found = await connection.RowsAsync(
            $"""
            select c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence::text, quote_ident(pg_get_userbyid(c.relowner)), coalesce(array_to_string(c.reloptions, ', '), ''),
              coalesce(quote_ident(s.spcname), ''), c.relrowsecurity, exists (select from pg_inherits i where c.oid in (i.inhrelid, case when c.relkind = 'r' then i.inhparent end))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_tablespace s on s.oid = c.reltablespace
            where c.oid = to_regclass({Literal.Quote(table)})
            """,
            row => new LiveTable(
                row.GetFieldValue<uint>(0), new TableName(row.GetString(1), row.GetString(2)), row.GetString(3)[0], row.GetString(4)[0], row.GetString(5), row.GetString(6), row.GetString(7), row.GetBoolean(8), row.GetBoolean(9))
            {
                Columns = [],
                Indexes = [],
                ForeignKeys = [],
                NotValid = [],
            },
            cancellationToken);
        return found is [var one] ? await one.CompleteAsync(connection, cancellationToken) : null;
    }

    private async Task<LiveTable> CompleteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => this with
    {
        Columns = await connection.RowsAsync(
            $"select attname::text, format_type(atttypid, atttypmod), attnotnull, attgenerated <> '', attidentity <> '' from pg_attribute where attrelid = {Oid} and attnum > 0 and not attisdropped order by attnum",
            row => new LiveColumn(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4)),
            cancellationToken),
        Indexes = await connection.RowsAsync(
            $"""
            select c.relname::text, substr(pg_get_indexdef(i.indexrelid), strpos(pg_get_indexdef(i.indexrelid), ' USING ') + 1), i.indisunique, i.indisvalid, coalesce(k.contype::text, ' '),
              coalesce(pg_get_constraintdef(k.oid), ''), array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality u(attnum, place) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum where u.place <= i.indnkeyatts order by u.place)
            from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
            where i.indrelid = {Oid} order by 1
            """,
            row => new LiveIndex(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetString(4)[0], row.GetString(5), row.GetFieldValue<string[]>(6)),
            cancellationToken),
        ForeignKeys = await connection.RowsAsync(
            $"select conname::text, pg_get_constraintdef(oid), confrelid = {Oid} from pg_constraint where conrelid = {Oid} and contype = 'f' and conparentid = 0 order by 1",
            row => new LiveConstraint(row.GetString(0), row.GetString(1), row.GetBoolean(2)),
            cancellationToken),
        NotValid = await connection.RowsAsync($"select conname::text from pg_constraint where conrelid = {Oid} and not convalidated order by 1", row => row.GetString(0), cancellationToken),
    };
}

/// <param name="Generated">Computed from other columns.</param>
/// <param name="Identity">Numbered by the server.</param>
internal sealed record LiveColumn(string Name, string Type, bool NotNull, bool Generated, bool Identity);

/// <param name="Using">The index's definition from USING on.</param>
/// <param name="Constraint"><c>p</c>, <c>u</c> or <c>x</c> where it serves a constraint; else a space.</param>
/// <param name="Definition">That constraint's.</param>
/// <param name="Columns">Its key columns, without expressions.</param>
internal sealed record LiveIndex(string Name, string Using, bool Unique, bool Valid, char Constraint, string Definition, IReadOnlyList<string> Columns);

/// <param name="ToItself">A foreign key of the table to itself.</param>
internal sealed record LiveConstraint(string Name, string Definition, bool ToItself);

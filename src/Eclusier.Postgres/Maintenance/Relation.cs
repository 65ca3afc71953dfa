using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>A relation that a runbook names, as the catalog knows it.</summary>
/// <param name="Kind"><c>pg_class.relkind</c></param>
internal sealed record Relation(uint Oid, string Schema, string Name, char Kind)
{
    /// <summary>As SQL needs it.</summary>
    public string Quoted => $"{Identifier.Quote(Schema)}.{Identifier.Quote(Name)}";

    /// <summary>As people read it.</summary>
    public override string ToString() => $"{Schema}.{Name}";

    /// <param name="written">As the runbook writes it: SQL, found through the search path where it has no schema.</param>
    /// <param name="where">Its place in the runbook.</param>
    /// <param name="kinds">What it may be.</param>
    /// <exception cref="RefusedException">There is none, or it is something else.</exception>
    public static async Task<Relation> FindAsync(NpgsqlConnection connection, string written, string where, string kinds, CancellationToken cancellationToken)
    {
        var found = await connection.RowsAsync(
            $"""
            select c.oid, n.nspname::text, c.relname::text, c.relkind::text
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = to_regclass({Literal.Quote(written)})
            """,
            row => new Relation(row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3)[0]),
            cancellationToken);
        if (found is not [var relation])
        {
            throw new RefusedException(
                new Text($"There is no {written}.", $"{written} n'existe pas."), where,
                new Text("Mend its name in the runbook; with its schema, where the search path does not find it.", "Corrigez son nom dans le runbook ; avec son schéma, si le search_path ne le trouve pas."));
        }

        if (!kinds.Contains(relation.Kind, StringComparison.Ordinal))
        {
            var wanted = kinds switch { "m" => new Text("a materialized view", "une vue matérialisée"), "p" => new Text("a partitioned table", "une table partitionnée"), _ => new Text("a table", "une table") };
            throw new RefusedException(new Text($"{written} is not {wanted.En}.", $"{written} n'est pas {wanted.Fr}."), where, null);
        }

        return relation;
    }
}

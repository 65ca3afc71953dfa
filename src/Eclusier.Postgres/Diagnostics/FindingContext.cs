using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>What rules look at: the catalog, on a connection that cannot write, with only <c>pg_catalog</c> in its search path.</summary>
public sealed class FindingContext(NpgsqlConnection connection, DiagnosticScope scope)
{
    private readonly string _tables = OurTables.Sql(scope.Platform);
    private IReadOnlyList<IndexFacts>? _indexes;

    public DiagnosticScope Scope { get; } = scope;

    internal NpgsqlConnection Connection { get; } = connection;

    /// <param name="query">What follows <see cref="OurTables"/>: more of them (beginning with a comma), then the query.</param>
    internal Task<IReadOnlyList<T>> RowsAsync<T>(string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        Connection.RowsAsync($"{_tables}{query}", read, cancellationToken);

    /// <summary>Read once; several rules are about indexes.</summary>
    internal async Task<IReadOnlyList<IndexFacts>> IndexesAsync(CancellationToken cancellationToken) => _indexes ??= await IndexFacts.ReadAsync(this, cancellationToken);
}

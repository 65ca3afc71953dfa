using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>CREATE INDEX IF NOT EXISTS would pass over an index that a broken build left behind, invalid and useless. Such a one is dropped first.</summary>
internal static class InvalidIndexes
{
    /// <returns>Statement -> the DROP INDEX that must stand before it; empty as a rule.</returns>
    public static async Task<IReadOnlyDictionary<Statement, string>> DropsForAsync(NpgsqlConnection connection, IReadOnlyList<Statement> statements, CancellationToken cancellationToken)
    {
        var drops = new Dictionary<Statement, string>(ReferenceEqualityComparer.Instance);
        foreach (var statement in statements.Where(statement => statement.Kind == "create-index" && statement.Sql.Contains("exists", StringComparison.OrdinalIgnoreCase)))
        {
            if (NamedIndex.Of(statement) is { MayExist: true } index && await index.IsValidAsync(connection, cancellationToken) == false)
                drops[statement] = $"drop index {index.QualifiedName}";
        }

        return drops;
    }
}

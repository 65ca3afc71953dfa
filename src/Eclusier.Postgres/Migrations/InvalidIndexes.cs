using Eclusier.Planning;
using Npgsql;

namespace Eclusier.Postgres.Migrations;

/// <summary>CREATE INDEX IF NOT EXISTS would pass over an index that a broken build left behind, invalid and useless. Such a one is dropped first.</summary>
internal static class InvalidIndexes
{
    public static bool MayHide(Statement statement) => statement.Kind == "create-index" && statement.Sql.Contains("exists", StringComparison.OrdinalIgnoreCase);

    /// <summary>Asked where the statement will run: its table is the one that the search path finds there.</summary>
    /// <returns>The DROP INDEX that must stand before the statement; null as a rule.</returns>
    public static async Task<string?> DropForAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken) =>
        NamedIndex.Of(statement) is { MayExist: true } index && await index.IsValidAsync(connection, cancellationToken) == false ? $"drop index {index.QualifiedName}" : null;
}

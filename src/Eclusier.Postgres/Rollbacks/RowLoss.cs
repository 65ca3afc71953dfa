using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>Counts what tables and columns hold that a way back would remove.</summary>
internal static class RowLoss
{
    public static async Task<IReadOnlyList<Loss>> CountAsync(NpgsqlConnection connection, IEnumerable<Step> steps, CancellationToken cancellationToken)
    {
        var losses = new List<Loss>();
        foreach (var (table, column) in steps.SelectMany(step => step.Statements).SelectMany(Removed).Distinct())
        {
            var relation = table.Quoted;
            var exists = column is null
                ? $"select to_regclass({Literal.Quote(relation)}) is not null"
                : $"select exists (select from pg_attribute where attrelid = to_regclass({Literal.Quote(relation)}) and attname = {Literal.Quote(column)} and not attisdropped)";
            if (!await connection.ScalarAsync<bool>(exists, cancellationToken))
                continue;
            var rows = await connection.ScalarAsync<long>($"select count({(column is null ? "*" : Identifier.Quote(column))}) from {relation}", cancellationToken);
            if (rows > 0)
                losses.Add(new Loss(table.ToString(), column, rows));
        }

        return losses;
    }

    private static IEnumerable<(TableName Table, string? Column)> Removed(Statement statement) => StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql)) switch
    {
        { Type: "DropStmt" } drop when drop.Text("removeType") is "OBJECT_TABLE" => DroppedObjects.Names(drop).Select(table => (table, (string?)null)),
        { Type: "TruncateStmt" } truncate => truncate.Items("relations").Select(range => (TableName.Of(range), (string?)null)),
        { Type: "AlterTableStmt" } alter => TableChange.Of(alter).Where(change => change.Is("AT_DropColumn")).Select(change => (change.Table, (string?)change.Command.Text("name"))),
        _ => [],
    };
}

using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>The table that was partitioned, kept in step with the partitioned one, so that the way back loses nothing that was written since.</summary>
internal static class FormerTable
{
    /// <summary>What the application's own triggers do, they do on the table that it writes to.</summary>
    public static IEnumerable<string> InStep(LiveTable table, PartitionNames names, CarriedOver carried)
    {
        yield return $"alter table {names.Kept.Quoted} disable trigger user";
        if (carried.ForcesRowSecurity)
            yield return $"alter table {names.Kept.Quoted} no force row level security";
        yield return $"drop table if exists {names.Missed.Quoted}";
        yield return $"create table {names.Missed.Quoted} (code text, message text, first_at timestamptz not null, primary key (code, message))";
        yield return $"alter table {names.Missed.Quoted} owner to {table.Owner}";
        yield return PartitionedTable.NoGrants(names.Missed.Quoted);
    }

    /// <exception cref="MigrationFailedException">It is gone, or has not got every write.</exception>
    public static async Task RefuseGapsAsync(NpgsqlConnection connection, PartitionNames names, string where, CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select to_regclass({Literal.Quote(names.Kept.Quoted)}) is not null", cancellationToken))
        {
            throw new MigrationFailedException(
                new Text($"The former table {names.Kept} is gone, and with it the way back.", $"L'ancienne table {names.Kept} n'existe plus, et le retour avec elle."),
                where,
                new Text($"{names.Table} stays partitioned; to go back all the same, restore a backup with `eclusier rollback --restore`.", $"{names.Table} reste partitionnée ; pour revenir malgré tout, restaurez une sauvegarde avec `eclusier rollback --restore`."));
        }

        var missed = await connection.RowsAsync($"select message, first_at::text from {names.Missed.Quoted} order by first_at", row => $"{row.GetString(0)} ({row.GetString(1)})", cancellationToken);
        if (missed.Count == 0)
            return;
        throw new MigrationFailedException(
            new Text($"{names.Kept} lacks rows that were written since: {string.Join("; ", missed)}.", $"Il manque à {names.Kept} des lignes écrites depuis : {string.Join(" ; ", missed)}."),
            where,
            new Text(
                $"Compare it with {names.Table}, bring over what is missing, delete the rows of {names.Missed}, and run the rollback again.",
                $"Comparez-la à {names.Table}, rapportez ce qui manque, supprimez les lignes de {names.Missed}, puis relancez le retour."));
    }
}

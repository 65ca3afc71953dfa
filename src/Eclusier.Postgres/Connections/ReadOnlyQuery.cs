using System.Data.Common;
using Eclusier.Engines;
using Eclusier.Evidence;
using Npgsql;

namespace Eclusier.Postgres.Connections;

/// <summary>A user's query, in a transaction that cannot write.</summary>
internal static class ReadOnlyQuery
{
    /// <summary>More of an answer than anybody compares, and less than the memory of a small machine.</summary>
    private const int MostRows = 1_000_000;

    /// <exception cref="EclusierException">The server refuses the query; a write is refused with SQLSTATE 25006. Or it has no answer within <see cref="Database.LongestQuery"/>, or one without end.</exception>
    /// <param name="lockTimeout">For this query alone: through a pooler, a setting of the session would be everybody's.</param>
    public static async Task<QueryResult> RunAsync(NpgsqlConnection connection, string sql, string where, CancellationToken cancellationToken, TimeSpan? lockTimeout = null)
    {
        const string Begin = "begin transaction read only";
        string[] limits =
        [
            $"set local statement_timeout = '{(long)Database.LongestQuery.TotalMilliseconds}ms'",
            .. lockTimeout is { } longest ? [$"set local lock_timeout = '{Math.Max(1, (long)longest.TotalMilliseconds)}ms'"] : Array.Empty<string>(),
        ];
        await connection.ExecuteAllAsync([Begin, .. limits], cancellationToken);
        try
        {
            // A trailing `commit; …` cannot leave the transaction: the extended protocol takes one statement only.
            await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await ReadAsync(reader, cancellationToken) is { } answer)
                return answer;
            // What is left of the answer is not waited for.
            command.Cancel();
            throw new CheckFailedException(
                new Text($"The query answers with more than {MostRows} rows.", $"La requête répond par plus de {MostRows} lignes."),
                where,
                new Text("Ask for counts or sums instead of the rows themselves, or set a LIMIT.", "Demandez des comptes ou des sommes plutôt que les lignes elles-mêmes, ou fixez un LIMIT."));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            throw Database.NoAnswer(where, new Text("count less, use an index", "comptez moins, utilisez un index"), error);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.ExecuteAsync("rollback", CancellationToken.None);
            var who = await LockHolders.DescribeAsync(connection, cancellationToken);
            throw new CheckFailedException(
                new Text($"The query would have to wait for a lock: {who.En}", $"La requête devrait attendre un verrou : {who.Fr}"),
                where,
                new Text("Let that transaction end, then ask again.", "Laissez cette transaction finir, puis posez la question de nouveau."),
                error);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            throw PostgresErrors.RefusedQuestion(error, where);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    /// <returns>Null: there are too many.</returns>
    private static async Task<QueryResult?> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var rows = new List<IReadOnlyList<string?>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count == MostRows)
                return null;
            var row = new string?[columns.Count];
            for (var column = 0; column < row.Length; column++)
                row[column] = await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetString(column);
            rows.Add(row);
        }

        return new QueryResult(columns, rows);
    }
}

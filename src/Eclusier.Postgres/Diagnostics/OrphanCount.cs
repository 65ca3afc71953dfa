using System.Diagnostics;
using Eclusier.Postgres.Connections;
using Npgsql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Counts orphans, the smallest tables first, for as long as one rule may read tables.</summary>
internal static class OrphanCount
{
    /// <param name="queryOf">How the orphans of a reference are found.</param>
    /// <param name="tell">The finding, of a count above zero or of a reason why there is none.</param>
    public static async Task<IReadOnlyList<TFinding>> TakeAsync<T, TFinding>(
        FindingContext context, IEnumerable<T> references, Func<T, OrphanQuery> queryOf, Func<T, OrphanQuery, Answer, TFinding> tell, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var findings = new List<TFinding>();
        // An empty table has no orphans, and needs no question.
        foreach (var (reference, query) in references.Select(reference => (reference, Query: queryOf(reference))).Where(each => each.Query.TableBytes > 0).OrderBy(each => each.Query.TableBytes))
        {
            var answer = await AskAsync(context, query, context.Scope.Budget - Stopwatch.GetElapsedTime(started), cancellationToken);
            if (answer.Count is not 0)
                findings.Add(tell(reference, query, answer));
        }

        return findings;
    }

    private static async Task<Answer> AskAsync(FindingContext context, OrphanQuery query, TimeSpan left, CancellationToken cancellationToken)
    {
        var (connection, budget) = (context.Connection, context.Scope.Budget);
        if (left <= TimeSpan.Zero)
            return new Answer(null, Refusal.TooLong(budget));
        // What the server refuses must not end the rule's transaction.
        await connection.ExecuteAllAsync(["savepoint counting", $"set local statement_timeout = {DatabaseDiagnosis.Milliseconds(left)}"], cancellationToken);
        try
        {
            return new Answer(await connection.ScalarAsync<long>(query.Count, cancellationToken), null);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.LockNotAvailable)
        {
            return new Answer(null, Refusal.Of(error, budget));
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("rollback to savepoint counting", CancellationToken.None);
        }
    }

    /// <param name="Why">Why there is no count.</param>
    internal sealed record Answer(long? Count, Text? Why);
}

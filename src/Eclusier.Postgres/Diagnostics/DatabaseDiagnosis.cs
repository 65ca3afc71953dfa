using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Asks the rules, one after the other, each in a transaction of its own that cannot write.</summary>
internal static class DatabaseDiagnosis
{
    /// <exception cref="InvalidInputException">There is no such rule.</exception>
    public static async Task<IReadOnlyList<Finding>> TakeAsync(NpgsqlConnection connection, DiagnosticScope scope, CancellationToken cancellationToken)
    {
        var rules = scope.Rule is { } id ? [FindingRules.Of(id)] : FindingRules.All;
        var context = new FindingContext(connection, scope);
        var findings = new List<Finding>();
        foreach (var rule in rules)
            findings.AddRange(await AskAsync(rule, context, cancellationToken));
        return scope.Choose(findings);
    }

    /// <summary>A rule that the server refuses to answer is told: silence would pass for health.</summary>
    private static async Task<IReadOnlyList<Finding>> AskAsync(FindingRule rule, FindingContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        await connection.ExecuteAllAsync(Begin(context.Scope), cancellationToken);
        try
        {
            return await rule.Find(context, cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            return [Unanswered(rule, connection.Database, Refusal.Of(error, context.Scope.Budget))];
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    /// <summary>Definitions are printed with an empty search path, or they would depend on who asks; nobody is to wait for a diagnosis, nor it for a lock.</summary>
    private static string[] Begin(DiagnosticScope scope) =>
    [
        "begin transaction read only",
        "set local search_path = pg_catalog",
        "set local lock_timeout = '500ms'",
        $"set local statement_timeout = {Milliseconds(scope.Budget)}",
        // A count that policies make smaller would be a lie: the server refuses it instead.
        "set local row_security = off",
    ];

    internal static long Milliseconds(TimeSpan time) => Math.Max(1, (long)time.TotalMilliseconds);

    private static Finding Unanswered(FindingRule rule, string database, Text why) => new(
        rule.Id, Risk.Low, database,
        new Text($"not known: {why.En}", $"pas connu : {why.Fr}"),
        new Text("Ask as a user who may read the tables, or raise `inspect.budget`.", "Demandez-le sous un utilisateur qui peut lire les tables, ou relevez `inspect.budget`."))
    {
        Unanswered = true,
    };
}

using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Eclusier.Postgres.Migrations;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>
/// Runs a migration on a sandbox to see what it leaves in the catalog: each statement by itself, so that one which cannot run there keeps no other
/// from it. Batches and transactions of the file's own mean nothing here, since there are no rows to speak of.
/// </summary>
/// <param name="target">What the sandbox stands for.</param>
internal sealed class StatementReplay(NpgsqlConnection connection, Step step, Surroundings target)
{
    private const string Savepoint = "eclusier_replay";

    /// <summary>A label of an enum, used in the transaction that adds it (PostgreSQL manual, ALTER TYPE).</summary>
    private const string UnsafeNewEnumValueUsage = "55P04";

    /// <summary>What the server says where it wants no transaction around it, or the one before it ended.</summary>
    private static readonly HashSet<string> WantsNoTransaction = new(StringComparer.Ordinal)
    {
        PostgresErrorCodes.ActiveSqlTransaction, PostgresErrorCodes.InvalidTransactionTermination,
    };

    private readonly List<Unreplayed> _unreplayed = [];

    public async Task<IReadOnlyList<Unreplayed>> RunAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAllAsync(["begin", $"set statement_timeout = {(long)new Policy().StatementTimeout.TotalMilliseconds}"], cancellationToken);
        foreach (var statement in step.Statements)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RunAsync(statement, cancellationToken);
        }

        await EndTransactionAsync(cancellationToken);
        await connection.ExecuteAllAsync(["reset session authorization", "reset role", "reset all"], cancellationToken);
        return _unreplayed;
    }

    private async Task RunAsync(Statement statement, CancellationToken cancellationToken)
    {
        // It leaves nothing in the catalog, and nobody is there whom it speaks to.
        if (statement.Unsuitable is not null || IsTimeLimit(statement))
            return;
        switch (statement.Kind)
        {
            case "begin":
                return; // One is open already.
            case "commit":
                await RenewAsync(cancellationToken);
                return;
            case "rollback":
                await connection.ExecuteAllAsync(["rollback", "begin"], cancellationToken);
                return;
        }

        var error = statement is { Transactional: false, Batch: null } ? await ApartAsync(statement, cancellationToken) : await InsideAsync(statement, cancellationToken);
        // A label of an enum is good for use only once it is committed: tools that commit each statement never notice.
        if (error?.SqlState == UnsafeNewEnumValueUsage)
        {
            await RenewAsync(cancellationToken);
            error = await InsideAsync(statement, cancellationToken);
        }
        else if (error is not null && WantsNoTransaction.Contains(error.SqlState))
        {
            error = await ApartAsync(statement, cancellationToken);
        }

        else if (error is not null && Lacking(statement) is { } extension)
        {
            error = await StandInAsync(extension, error, cancellationToken);
        }

        // Roles outlive a sandbox's database: an earlier replay may have made this one.
        if (error is not null && !(statement.Kind == "create-role" && error.SqlState == PostgresErrorCodes.DuplicateObject))
            _unreplayed.Add(RefusedStatement.Of(step, statement, error));
    }

    /// <summary>A file's limits are for the server that it was written for: those for idle sessions would end this one between two statements.</summary>
    private static bool IsTimeLimit(Statement statement) =>
        statement.Kind == "set" && MadeNames.Tree(statement.Sql) is { Type: "VariableSetStmt" } setting && setting.Text("name").EndsWith("_timeout", StringComparison.Ordinal);

    /// <summary>In the open transaction, of which a refusal leaves everything as it was before the statement.</summary>
    private async Task<PostgresException?> InsideAsync(Statement statement, CancellationToken cancellationToken)
    {
        // Savepoints of the file's own would end with ours.
        var guarded = statement.Kind is not ("savepoint" or "release" or "rollback-to");
        try
        {
            if (statement.Input is null)
            {
                await connection.ExecuteAllAsync(guarded ? [$"savepoint {Savepoint}", statement.Sql, $"release {Savepoint}"] : [statement.Sql], cancellationToken);
                return null;
            }

            await connection.ExecuteAsync($"savepoint {Savepoint}", cancellationToken);
            await ExecuteAsync(statement, cancellationToken);
            await connection.ExecuteAsync($"release {Savepoint}", cancellationToken);
            return null;
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await connection.ExecuteAllAsync(guarded ? [$"rollback to {Savepoint}", $"release {Savepoint}"] : ["rollback", "begin"], CancellationToken.None);
            return error;
        }
    }

    /// <summary>An extension that the target has, and that this server cannot give.</summary>
    private InstalledExtension? Lacking(Statement statement) =>
        statement.Kind == "create-extension" && MadeNames.Extension(MadeNames.Tree(statement.Sql)) is { } created ? target.Extensions.FirstOrDefault(extension => extension.Name == created.Extension) : null;

    private async Task<PostgresException?> StandInAsync(InstalledExtension extension, PostgresException refusal, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync($"savepoint {Savepoint}", cancellationToken);
            await ExtensionStandIn.CreateAsync(connection, extension, cancellationToken);
            await connection.ExecuteAsync($"release {Savepoint}", cancellationToken);
            return null;
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await connection.ExecuteAllAsync([$"rollback to {Savepoint}", $"release {Savepoint}"], CancellationToken.None);
            return refusal;
        }
    }

    /// <summary>Outside a transaction.</summary>
    private async Task<PostgresException?> ApartAsync(Statement statement, CancellationToken cancellationToken)
    {
        await EndTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(statement, cancellationToken);
            return null;
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            await Reentry.CleanUpAsync(connection, statement, CancellationToken.None);
            return error;
        }
        finally
        {
            await connection.ExecuteAsync("begin", CancellationToken.None);
        }
    }

    private async Task ExecuteAsync(Statement statement, CancellationToken cancellationToken)
    {
        if (statement.Input is { } input)
        {
            await using var writer = await connection.BeginTextImportAsync(statement.Sql, cancellationToken);
            await writer.WriteAsync(input.AsMemory(), cancellationToken);
            return;
        }

        await connection.ExecuteAsync(statement.Sql, cancellationToken);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await EndTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("begin", cancellationToken);
    }

    /// <summary>What was to be checked at its end may refuse all of it.</summary>
    private async Task EndTransactionAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync("commit", cancellationToken);
        }
        catch (PostgresException error) when (!SqlErrors.EndsConnection(error))
        {
            _unreplayed.AddRange(step.Statements.Select(statement => RefusedStatement.Of(step, statement, error)));
        }
    }
}

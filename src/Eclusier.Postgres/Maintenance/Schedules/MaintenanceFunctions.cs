using System.Globalization;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Migrations;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Schedules;

/// <summary>The functions that pg_cron calls, in a schema of ours.</summary>
internal sealed class MaintenanceFunctions(NpgsqlConnection connection)
{
    public const string Schema = "eclusier_maintenance";

    /// <summary>Nothing where they are there as they should be.</summary>
    public async Task<IReadOnlyList<Step>> InstallAsync(CancellationToken cancellationToken)
    {
        var script = EmbeddedScript.Read("Maintenance.Schedules.functions.sql").Replace("{lock}", RunLock.Key.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var bodies = await connection.RowsAsync(
            $"select prosrc from pg_proc where pronamespace = to_regnamespace({Literal.Quote(Schema)})", row => row.GetString(0), cancellationToken);
        var functions = ScriptSplitter.Split(script).Count(statement => statement.Sql.StartsWith("create or replace function", StringComparison.Ordinal));
        return bodies.Count == functions && bodies.All(body => script.Contains(body, StringComparison.Ordinal))
            ? []
            : [Change("install functions", script, new Text($"the schema {Schema}", $"le schéma {Schema}"))];
    }

    /// <summary>Nothing where they are not there.</summary>
    public async Task<IReadOnlyList<Step>> RemoveAsync(CancellationToken cancellationToken)
    {
        if (!await connection.ScalarAsync<bool>($"select to_regnamespace({Literal.Quote(Schema)}) is not null", cancellationToken))
            return [];
        var functions = await connection.RowsAsync(
            $"select oid::regprocedure::text from pg_proc where pronamespace = to_regnamespace({Literal.Quote(Schema)}) order by 1", row => row.GetString(0), cancellationToken);
        // Without CASCADE: what somebody else put there keeps it.
        return [Change("remove functions", string.Join(";\n", functions.Select(function => $"drop function {function}").Append($"drop schema {Schema}")), new Text("no job calls them", "aucune tâche ne les appelle"))];
    }

    private static Step Change(string name, string script, Text description) => JobStep.Of(name, "pg_cron", script, description, Risk.Low, new Text("functions of Eclusier's own", "des fonctions propres à Eclusier"));
}

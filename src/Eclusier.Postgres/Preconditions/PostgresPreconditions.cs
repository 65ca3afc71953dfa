using Eclusier.Evidence;
using Eclusier.Files;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>What can be known of a plan's chances before anything is prepared: rights, extensions of the server, programs of this machine.</summary>
internal static class PostgresPreconditions
{
    /// <summary>Meant for a <see cref="Look"/>.</summary>
    public static async Task<IReadOnlyList<Criterion>> OfAsync(NpgsqlConnection connection, Plan plan, Runbook runbook, CancellationToken cancellationToken)
    {
        var steps = plan.Steps.Where(step => step.SkipReason is null).ToList();
        var user = await connection.RowsAsync("select r.rolname::text, r.rolsuper from pg_roles r where r.rolname = current_user", row => (Name: row.GetString(0), Superuser: row.GetBoolean(1)), cancellationToken);
        var (name, superuser) = user[0];
        var rights = superuser && !steps.Any(SetsRole)
            ? new Criterion("rights", new Text("Rights for every statement", "Droits pour chaque instruction"), Verdict.Passed, new Text($"{name} is a superuser", $"{name} est superutilisateur"))
            : await new RightsCheck(connection).RunAsync(steps, name, await TrackingAsync(connection, runbook, steps, cancellationToken), cancellationToken);
        return [rights, .. await ExtensionsAsync(connection, steps, cancellationToken), .. await ProgramsAsync(connection, runbook, cancellationToken)];
    }

    private static bool SetsRole(Step step) => step.Statements.Any(statement => statement.Sql.Contains("role", StringComparison.OrdinalIgnoreCase) || statement.Sql.Contains("authorization", StringComparison.OrdinalIgnoreCase));

    /// <summary>Its rows commit with the migrations, and a migration that is no single transaction keeps its progress beside it.</summary>
    private static async Task<IReadOnlyList<Need>> TrackingAsync(NpgsqlConnection connection, Runbook runbook, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        if (!runbook.HasMigrations)
            return [];
        var source = new MigrationSource(runbook.Migrations);
        var tracking = await source.ReadTrackingAsync(connection, source.Files(), cancellationToken);
        var table = new TableName(tracking.Schema, tracking.Name);
        if (tracking.Exists)
            return [Need.Privilege("INSERT", table), .. steps.All(step => step.Transactional) ? Array.Empty<Need>() : [Need.CreateIn(tracking.Schema)]];
        var there = await connection.ScalarAsync<bool>($"select exists (select from pg_namespace where nspname = {Literal.Quote(tracking.Schema)})", cancellationToken);
        return [there ? Need.CreateIn(tracking.Schema) : Need.OnDatabase("CREATE")];
    }

    /// <summary>An extension whose files the server does not have cannot be created by anybody.</summary>
    private static async Task<IReadOnlyList<Criterion>> ExtensionsAsync(NpgsqlConnection connection, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var wanted = (
            from step in steps
            from statement in step.Statements
            where statement.Kind == "create-extension"
            let tree = StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql))
            where tree is { Type: "CreateExtensionStmt" }
            select (Name: tree.Text("extname"), Place: step.Place(statement))).ToList();
        if (wanted.Count == 0)
            return [];
        var title = new Text("Extensions on the server", "Extensions sur le serveur");
        var there = await connection.RowsAsync("select name::text from pg_available_extensions union select extname::text from pg_extension", row => row.GetString(0), cancellationToken);
        var missing = wanted.Where(extension => !there.Contains(extension.Name)).ToList();
        if (missing.Count == 0)
            return [new Criterion("server_extensions", title, Verdict.Passed, Text.Same(string.Join(", ", wanted.Select(extension => extension.Name).Distinct(StringComparer.Ordinal))))];
        // pg_tle brings extensions that have no files.
        var elsewhere = there.Contains("pg_tle");
        var names = string.Join(", ", missing.Select(extension => $"{extension.Name} ({extension.Place})"));
        return
        [
            new Criterion("server_extensions", title, elsewhere ? Verdict.Warning : Verdict.Failed, new Text($"the server does not have {names}", $"le serveur n'a pas {names}"), new Text(
                "Install the extension's package on the database server (select * from pg_available_extensions lists what it has), or leave it out.",
                "Installez le paquet de l'extension sur le serveur de base de données (select * from pg_available_extensions liste ce qu'il a), ou retirez-la.")),
        ];
    }

    private static async Task<IReadOnlyList<Criterion>> ProgramsAsync(NpgsqlConnection connection, Runbook runbook, CancellationToken cancellationToken)
    {
        if (runbook.Backup is not { } backup)
            return [];
        var title = new Text("Programs on this machine", "Programmes sur cette machine");
        try
        {
            var dump = await PostgresTools.FindAsync("pg_dump", cancellationToken);
            dump.RequireForServer(connection.PostgreSqlVersion.Major);
            var restores = backup.Restore || runbook.Rehearsal is not null;
            if (restores)
                await PostgresTools.FindAsync("pg_restore", cancellationToken);
            if (restores && runbook.Rehearsal?.Url is null)
                await PostgresTools.FindAsync("initdb", cancellationToken);
            if (backup.To.Any(place => place.StartsWith("rclone:", StringComparison.Ordinal)))
                await ChildProcess.RunAsync("rclone", ["version"], null, cancellationToken);
            return [new Criterion("programs", title, Verdict.Passed, Text.Same($"pg_dump {dump.Version}"))];
        }
        catch (EclusierException missing)
        {
            return [new Criterion("programs", title, Verdict.Failed, missing.Problem, missing.Remedy)];
        }
    }
}

using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Preconditions;

/// <summary>
/// Asks the server for the rights of every statement of a plan, each under the role and the search path that its file has set by then. A right is only
/// missed where the server says so of something that the plan leaves as it is; whatever may be otherwise by then is a warning, or is left alone.
/// </summary>
internal sealed class RightsCheck(NpgsqlConnection connection)
{
    private const int Shown = 8;

    private readonly PlannedChanges _planned = new();
    private readonly List<(Need Need, string Place, bool Certain)> _missing = [];
    private readonly List<(Need Need, string Place, bool Certain)> _open = [];
    private int _asked;

    /// <summary>Meant for a <see cref="Look"/>.</summary>
    /// <param name="user">Whose rights they are.</param>
    /// <param name="before">What the run itself needs before its first statement.</param>
    public async Task<Criterion> RunAsync(IReadOnlyList<Step> steps, string user, IReadOnlyList<Need> before, CancellationToken cancellationToken)
    {
        var hosted = await connection.ScalarAsync<bool>(
            "select exists (select from pg_roles where rolname in ('rds_superuser', 'azure_pg_admin', 'cloudsqlsuperuser', 'alloydbsuperuser', 'supabase_admin', 'neon_superuser', 'doadmin', 'avnadmin', 'tsdbadmin')) or current_setting('supautils.privileged_extensions', true) <> ''",
            cancellationToken);
        foreach (var need in before)
            _open.Add((need, "tracking", true));
        await AskAsync(hosted, cancellationToken);
        foreach (var step in steps.Where(step => step.SkipReason is null))
            await InFileAsync(step, hosted, cancellationToken);
        return Judge(user);
    }

    private async Task InFileAsync(Step step, bool hosted, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("savepoint file", cancellationToken);
        _planned.BeginFile();
        foreach (var statement in step.Statements)
        {
            if (StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql)) is not { } tree)
            {
                _planned.BecomeUncertain();
                continue;
            }

            foreach (var need in StatementNeeds.Of(tree, connection.PostgreSqlVersion.Major).Where(need => !_planned.Concerns(need)))
                _open.Add((need, step.Place(statement), _planned.IsCertain));
            if (_open.Count > 100 || PlannedChanges.IsFollowed(tree))
                await AskAsync(hosted, cancellationToken);
            if (PlannedChanges.IsFollowed(tree) && !await SetAsync(statement.Sql, cancellationToken))
                break;
            _planned.Add(tree);
        }

        await AskAsync(hosted, cancellationToken);
        await connection.ExecuteAsync("rollback to savepoint file", CancellationToken.None);
    }

    /// <returns>False: the file goes on under a role or a path that nobody knows.</returns>
    private async Task<bool> SetAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(sql, cancellationToken);
            return true;
        }
        catch (PostgresException refused) when (!SqlErrors.EndsConnection(refused))
        {
            await connection.ExecuteAsync("rollback to savepoint file", CancellationToken.None);
            return false;
        }
    }

    private async Task AskAsync(bool hosted, CancellationToken cancellationToken)
    {
        if (_open.Count == 0)
            return;
        await connection.ExecuteAsync("savepoint asking", cancellationToken);
        try
        {
            var answers = (await connection.RowsAsync(
                $"select {string.Join(",\n", _open.Select(asked => asked.Need.Holds))}",
                row => Enumerable.Range(0, row.FieldCount).Select(column => row.IsDBNull(column) || row.GetBoolean(column)).ToArray(),
                cancellationToken))[0];
            _asked += answers.Length;
            _missing.AddRange(_open.Where((_, index) => !answers[index]).Select(asked => (asked.Need, asked.Place, asked.Certain && !(hosted && asked.Need.BySuperuser))));
        }
        catch (PostgresException refused) when (!SqlErrors.EndsConnection(refused) && refused.SqlState != PostgresErrorCodes.LockNotAvailable)
        {
            // What the server does not answer is not claimed.
            await connection.ExecuteAsync("rollback to savepoint asking", CancellationToken.None);
        }

        _open.Clear();
    }

    private Criterion Judge(string user)
    {
        var title = new Text("Rights for every statement", "Droits pour chaque instruction");
        var found = _missing.GroupBy(missing => missing.Need.What.En).Select(alike => (alike.First().Need.What, alike.First().Place, More: alike.Count() - 1, Certain: alike.Any(missing => missing.Certain))).ToList();
        if (found.Count == 0)
            return new Criterion("rights", title, Verdict.Passed, new Text($"{user}: {_asked} asked of the server, none is missing", $"{user} : {_asked} demandés au serveur, aucun ne manque"));
        var certain = found.Where(missing => missing.Certain).ToList();
        var told = certain.Count > 0 ? certain : found;
        Text[] lines = [.. told.Take(Shown).Select(missing => new Text($"{missing.What.En} ({missing.Place}{More(missing.More)})", $"{missing.What.Fr} ({missing.Place}{More(missing.More)})"))];
        var said = Text.Join(told.Count > Shown ? [.. lines, new Text($"and {told.Count - Shown} more", $"et {told.Count - Shown} autres")] : lines);
        return certain.Count > 0
            ? new Criterion("rights", title, Verdict.Failed, new Text($"{user} lacks: {said.En}", $"il manque à {user} : {said.Fr}"), new Text(
                $"Migrate with a user who has them (the owner), or let an administrator grant them to {user}: GRANT … TO, or ALTER … OWNER TO.",
                $"Migrez avec un compte qui les a (le propriétaire), ou faites-les donner à {user} par un administrateur : GRANT … TO, ou ALTER … OWNER TO."))
            : new Criterion("rights", title, Verdict.Warning, new Text($"{user} lacks now, and may have by then: {said.En}", $"il manque à {user} pour l'instant, mais peut-être pas le moment venu : {said.Fr}"));
    }

    private static string More(int more) => more == 0 ? "" : $", +{more}";
}

using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Schedules;

/// <summary>
/// Brings pg_cron's jobs to those of the runbook (https://github.com/citusdata/pg_cron): what is ours is known by its name, and nothing else is touched.
/// </summary>
internal sealed class CronSchedules(NpgsqlConnection connection, Runbook runbook, Func<MaintenanceJob, string> place)
{
    /// <summary>What the names of our jobs begin with.</summary>
    public const string Prefix = "eclusier: ";

    /// <summary>Names came with 1.3. (Versions are called 1.4-1, too.)</summary>
    private static readonly Version Named = new(1, 3);

    public async Task<SchedulePlan> PlanAsync(IReadOnlyList<MaintenanceJob> jobs, CancellationToken cancellationToken)
    {
        var version = await connection.ScalarAsync<string>("select extversion from pg_extension where extname = 'pg_cron'", cancellationToken);
        if (version is null || !Version.TryParse(version.Split('-')[0], out var parsed) || parsed < Named)
        {
            var why = version is null
                ? new Text("this database has no pg_cron", "cette base n'a pas pg_cron")
                : new Text($"pg_cron {version} is too old: 1.3 knows jobs by name", $"pg_cron {version} est trop ancien : 1.3 connaît les tâches par leur nom");
            return new SchedulePlan(null, [], [.. jobs.Select(job => (job, why))], new JobPlan([], []));
        }

        return await PlanAsync($"pg_cron {version}", jobs, cancellationToken);
    }

    private async Task<SchedulePlan> PlanAsync(string scheduler, IReadOnlyList<MaintenanceJob> jobs, CancellationToken cancellationToken)
    {
        var (onServer, elsewhere, wanted) = (new List<MaintenanceJob>(), new List<(MaintenanceJob, Text)>(), new List<CronJob>());
        foreach (var job in jobs)
        {
            var command = await new CronCommand(connection, runbook.Policy, place(job)).OfAsync(job, cancellationToken);
            if (command.Why is { } why)
            {
                elsewhere.Add((job, why));
                continue;
            }

            onServer.Add(job);
            wanted.AddRange(command.Jobs.Select(each => each with { Name = Prefix + each.Name, Schedule = job.Schedule!.Text }));
        }

        var found = await FoundAsync(cancellationToken);
        var functions = new MaintenanceFunctions(connection);
        var needed = wanted.Any(job => job.NeedsFunctions);
        // Jobs must not call what is not there: the functions come before them, and go after them.
        Step[] steps = [.. needed ? await functions.InstallAsync(cancellationToken) : [], .. Changes(found, wanted), .. needed ? [] : await functions.RemoveAsync(cancellationToken)];
        return new SchedulePlan(scheduler, onServer, elsewhere, new JobPlan(steps, steps.Length == 0 ? [] : [What(steps)]));
    }

    private static IEnumerable<Step> Changes(IReadOnlyList<CronJob> found, IReadOnlyList<CronJob> wanted)
    {
        foreach (var job in wanted)
        {
            var known = found.FirstOrDefault(other => other.Name == job.Name);
            if (known is not null && known.Schedule == job.Schedule && known.Command == job.Command)
                continue;
            yield return Change(
                $"{(known is null ? "schedule" : "change")} {job.Name}", $"select cron.schedule({Literal.Quote(job.Name)}, {Literal.Quote(job.Schedule)}, {Literal.Quote(job.Command)})",
                Text.Same($"{job.Schedule}  {job.Command}"));
        }

        foreach (var job in found.Where(job => wanted.All(other => other.Name != job.Name)))
            yield return Change($"unschedule {job.Name}", $"select cron.unschedule({job.Id})", new Text("it is not in the runbook, or runs elsewhere", "elle n'est pas dans le runbook, ou s'exécute ailleurs"));
    }

    private static Step Change(string name, string sql, Text description) => JobStep.Of(name, "pg_cron", sql, description, Risk.Low, new Text("a row of cron.job", "une ligne de cron.job"));

    private static Criterion What(IReadOnlyList<Step> steps) => new(
        "schedule", new Text("What changes in the schedule", "Ce qui change dans la planification"), Verdict.Warning,
        Text.Join(steps.Select(step => new Text($"{step.Migration}: {step.Description.En}", $"{step.Migration} : {step.Description.Fr}"))));

    private Task<IReadOnlyList<CronJob>> FoundAsync(CancellationToken cancellationToken) => connection.RowsAsync(
        $"select jobid, jobname::text, schedule, command from cron.job where left(jobname::text, {Prefix.Length}) = {Literal.Quote(Prefix)} and database = current_database() and username = current_user order by 2",
        row => new CronJob(row.GetString(1), row.GetString(3)) { Id = row.GetInt64(0), Schedule = row.GetString(2) },
        cancellationToken);
}

/// <summary>A row of <c>cron.job</c>.</summary>
internal sealed record CronJob(string Name, string Command)
{
    public long Id { get; init; }

    public string Schedule { get; init; } = "";

    /// <summary>It calls the functions of our schema.</summary>
    public bool NeedsFunctions { get; init; }
}

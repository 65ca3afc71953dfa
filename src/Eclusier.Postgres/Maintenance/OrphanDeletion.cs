using System.Globalization;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Maintenance;

/// <summary>Finds rows whose parent is gone. More of them than the runbook permits is a sign of something else, and nothing is deleted.</summary>
internal sealed class OrphanDeletion(NpgsqlConnection connection, OrphansJob job, string where)
{
    public async Task<JobPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var (child, parent) = (await Relation.FindAsync(connection, job.Of.Table, where, "rp", cancellationToken), await Relation.FindAsync(connection, job.In.Table, where, "rp", cancellationToken));
        var orphan = $"o.{await ColumnAsync(child, job.Of, cancellationToken)} is not null and not exists (select from {parent.Quoted} p where p.{await ColumnAsync(parent, job.In, cancellationToken)} = o.{await ColumnAsync(child, job.Of, cancellationToken)})";
        // Counting stops where it is known that there are too many.
        var found = await connection.ScalarAsync<long>($"select count(*) from (select from {child.Quoted} o where {orphan} limit {job.Max + 1L}) found", cancellationToken);
        if (found == 0)
            return new JobPlan([], []);
        var title = new Text("Rows without a parent", "Lignes sans parent");
        var total = await connection.ScalarAsync<double>($"select greatest(sum(reltuples), 0)::float8 from pg_class where (oid = {child.Oid} and relkind = 'r') or oid in (select relid from pg_partition_tree({child.Oid}) where isleaf)", cancellationToken);
        if (found > job.Max)
        {
            return new JobPlan([], [new Criterion("orphans", title, Verdict.Failed,
                new Text($"{child}: more than {job.Max} of about {English.Count(total, "row")}", $"{child} : plus de {French.Count(job.Max, "ligne")} sur environ {total:0}"),
                new Text($"Find out why there are so many; then raise `max`, or delete them in a migration.", $"Cherchez pourquoi elles sont si nombreuses ; puis relevez `max`, ou supprimez-les par une migration."))]);
        }

        var step = JobStep.Of($"delete orphans of {child}", where, $"delete from {child.Quoted} o where {orphan}",
            new Text($"{English.Count(found, "row")} whose {job.Of.Column} is not in {job.In}", $"{French.Count(found, "ligne")} dont {job.Of.Column} n'est pas dans {job.In}"), Risk.Medium, new Text("the rows go", "les lignes disparaissent"));
        return new JobPlan(
            [OrphanBatches.Mark(step, child, orphan, job.Max)],
            [new Criterion("orphans", title, Verdict.Warning, new Text($"{child}: {found} of about {English.Count(total, "row")}, at most {job.Max} in a run", $"{child} : {French.Count(found, "ligne")} sur environ {total:0}, {job.Max} au plus par exécution"))],
            JobEffect.Deletes);
    }

    /// <exception cref="RefusedException">The table has no such column.</exception>
    private async Task<string> ColumnAsync(Relation table, ColumnPath path, CancellationToken cancellationToken)
    {
        var name = Identifier.NameOf(path.Column);
        if (await connection.ScalarAsync<bool>($"select exists (select from pg_attribute where attrelid = {table.Oid.ToString(CultureInfo.InvariantCulture)} and attname = {Literal.Quote(name)} and attnum > 0 and not attisdropped)", cancellationToken))
            return Identifier.Quote(name);
        throw new RefusedException(
            new Text($"There is no column {name} in {table}.", $"Il n'y a pas de colonne {name} dans {table}."), where,
            new Text("Mend it in the runbook.", "Corrigez-la dans le runbook."));
    }
}

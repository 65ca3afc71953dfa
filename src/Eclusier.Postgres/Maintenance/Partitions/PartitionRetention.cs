using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>
/// Takes partitions out of a table that are older than the limit: all of their time is, by their bounds. What an interrupted run left half done
/// is finished first, for the server has room for one pending detachment alone.
/// </summary>
internal sealed class PartitionRetention(NpgsqlConnection connection, PartitionedTable table, bool drop, string where)
{
    /// <summary>Above this, rows are estimated rather than counted.</summary>
    private const long QuickToCount = 256 << 20;

    /// <param name="limit">The first day that stays.</param>
    public async Task<JobPlan> PlanAsync(DateOnly limit, CancellationToken cancellationToken)
    {
        var end = limit.ToDateTime(TimeOnly.MinValue);
        var pending = table.Partitions.Where(partition => partition.DetachPending).ToList();
        var old = table.Partitions.Where(partition => !partition.DetachPending && partition.Until <= end).OrderBy(partition => partition.Until).ToList();
        // A mark on what is still attached means nothing yet; one on a detached table, or on one half detached, is a promise of ours.
        var left = drop ? pending.Where(partition => partition.Marked).Concat(table.LeftToDrop).ToList() : [];
        if (pending.Count + old.Count + left.Count == 0)
            return new JobPlan([], []);
        return new JobPlan(
            [.. pending.Select(Finalize), .. left.Select(Remove), .. old.Select(partition => drop ? Drop(partition) : Detach(partition))],
            [await WhatAsync([.. pending, .. table.LeftToDrop.Where(_ => drop), .. old], limit, cancellationToken)],
            drop && old.Count + left.Count > 0 ? JobEffect.Drops : JobEffect.Keeps);
    }

    private Step Finalize(ExistingPartition partition) => Step(
        "finish detaching", partition, $"{Unmarked(partition)}alter table {table.Relation.Quoted} detach partition {partition.Relation.Quoted} finalize",
        new Text("a detachment that was cut off", "un détachement interrompu"), Risk.Low, new Text("it stays as a table", "elle reste comme table"));

    private Step Detach(ExistingPartition partition) => Step(
        "detach", partition, $"{Unmarked(partition)}{Detaching(partition)}",
        Period(partition), Risk.Low, new Text("it stays as a table", "elle reste comme table"));

    /// <summary>Concurrently, the three commit one by one; else they are one transaction.</summary>
    private Step Drop(ExistingPartition partition) => Step(
        "drop", partition, $"comment on table {partition.Relation.Quoted} is {Literal.Quote(table.Mark)};\n{Detaching(partition)};\ndrop table {partition.Relation.Quoted}",
        Period(partition), Risk.High, new Text("its rows go", "ses lignes disparaissent"));

    private Step Remove(ExistingPartition partition) => Step(
        "drop", partition, $"drop table {partition.Relation.Quoted}",
        new Text("detached by a run that was cut off", "détachée par une exécution interrompue"), Risk.High, new Text("its rows go", "ses lignes disparaissent"));

    /// <summary>A promise to drop it that the runbook makes no more.</summary>
    private string Unmarked(ExistingPartition partition) => partition.Marked && !drop ? $"comment on table {partition.Relation.Quoted} is null;\n" : "";

    private string Detaching(ExistingPartition partition) =>
        $"alter table {table.Relation.Quoted} detach partition {partition.Relation.Quoted}{(table.DetachesConcurrently ? " concurrently" : "")}";

    private Step Step(string action, ExistingPartition partition, string script, Text description, Risk risk, Text reason) =>
        JobStep.Of($"{action} {partition.Relation}", where, script, description, risk, reason) with { Reversible = risk == Risk.High ? Reversible.LosesData : Reversible.Yes };

    private static Text Period(ExistingPartition partition) => new(
        $"from {partition.From?.ToString("yyyy-MM-dd") ?? "the beginning"} until {partition.Until:yyyy-MM-dd}", $"{(partition.From is { } from ? $"du {from:yyyy-MM-dd}" : "depuis le début")} au {partition.Until:yyyy-MM-dd} exclu");

    private async Task<Criterion> WhatAsync(IReadOnlyList<ExistingPartition> partitions, DateOnly limit, CancellationToken cancellationToken)
    {
        var told = new List<Text>();
        foreach (var partition in partitions)
        {
            var rows = await RowsAsync(partition, cancellationToken);
            told.Add(new Text($"{partition.Relation}: {rows.En}, {Sizes.Of(partition.Bytes)}", $"{partition.Relation} : {rows.Fr}, {Sizes.Of(partition.Bytes)}"));
        }

        var before = new Text($"older than {limit:yyyy-MM-dd}", $"avant le {limit:yyyy-MM-dd}");
        return drop
            ? new Criterion("drop", new Text($"What goes, {before.En}", $"Ce qui disparaît, {before.Fr}"), Verdict.Warning, Text.Join(told))
            : new Criterion("detach", new Text($"What is detached, {before.En}", $"Ce qui est détaché, {before.Fr}"), Verdict.Passed, Text.Join(told));
    }

    private async Task<Text> RowsAsync(ExistingPartition partition, CancellationToken cancellationToken)
    {
        if (partition.Bytes > QuickToCount)
            return new Text($"about {English.Count(partition.EstimatedRows, "row")}", $"environ {French.Count(partition.EstimatedRows, "ligne")}");
        return Text.Count(await connection.ScalarAsync<long>($"select count(*) from {partition.Relation.Quoted}", cancellationToken), "row", "rows", "ligne", "lignes");
    }
}

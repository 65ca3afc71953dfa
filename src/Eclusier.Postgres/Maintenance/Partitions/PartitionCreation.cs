using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Partitions;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Maintenance.Partitions;

/// <summary>
/// Creates partitions that are not there. A table is made apart and attached: that leaves readers and writers of the partitioned table alone,
/// where CREATE TABLE … PARTITION OF locks all of it (https://www.postgresql.org/docs/current/ddl-partitioning.html).
/// </summary>
internal sealed class PartitionCreation(NpgsqlConnection connection, PartitionedTable table, PartitionPattern pattern, string where)
{
    /// <summary>The server reads a default partition while nobody else can: above this it is worth a warning.</summary>
    private const long LargeDefault = 64 << 20;

    public async Task<JobPlan> PlanAsync(IReadOnlyList<PartitionRange> wanted, CancellationToken cancellationToken)
    {
        var missing = wanted.Where(range => !table.Partitions.Any(partition => partition.Holds(range.From, range.Until))).ToList();
        if (missing.Count == 0)
            return new JobPlan([], []);
        var refused = new List<Criterion>();
        foreach (var range in missing)
        {
            if (await RefusalAsync(range, cancellationToken) is { } refusal)
                refused.Add(refusal);
        }

        return refused.Count > 0 ? new JobPlan([], refused) : new JobPlan([.. missing.Select(Create)], [await WhatAsync(missing, cancellationToken)]);
    }

    private Relation NewIn(PartitionRange range) => new(0, table.Relation.Schema, pattern.Names.NameOf(range.From), 'r');

    private Step Create(PartitionRange range)
    {
        var partition = NewIn(range);
        string[] script =
        [
            // Identity columns and indexes come with attaching.
            $"create table {partition.Quoted} (like {table.Relation.Quoted} including defaults including constraints including generated including storage)",
            .. table.OwnedByUs ? Array.Empty<string>() : [$"alter table {partition.Quoted} owner to {Identifier.Quote(table.Owner)}"],
            // Policies of the partitioned table do not hold for who reads the partition itself: nobody but its owner may.
            .. table.RowSecurity ? [$"alter table {partition.Quoted} enable row level security"] : Array.Empty<string>(),
            $"alter table {table.Relation.Quoted} attach partition {partition.Quoted} {range.Bounds}",
        ];
        return JobStep.Of(
            $"create {partition}", where, string.Join(";\n", script),
            new Text($"from {range.From:yyyy-MM-dd} until {range.Until:yyyy-MM-dd}", $"du {range.From:yyyy-MM-dd} au {range.Until:yyyy-MM-dd} exclu"),
            Risk.Low, new Text("a new, empty table", "une table nouvelle et vide"));
    }

    private async Task<Criterion?> RefusalAsync(PartitionRange range, CancellationToken cancellationToken)
    {
        var partition = NewIn(range);
        if (table.Partitions.FirstOrDefault(existing => existing.Overlaps(range.From, range.Until)) is { } other)
        {
            return Refused(
                new Text($"{partition}: {other.Relation} holds a part of its time", $"{partition} : {other.Relation} contient une partie de sa période"),
                new Text("Create by hand what is missing between them.", "Créez à la main ce qui manque entre elles."));
        }

        if (await connection.ScalarAsync<bool>($"select to_regclass({Literal.Quote(partition.Quoted)}) is not null", cancellationToken))
        {
            return Refused(
                new Text($"{partition} exists, and is no partition of {table.Relation} for that time", $"{partition} existe, et n'est pas une partition de {table.Relation} pour cette période"),
                new Text($"Attach it: alter table {table.Relation.Quoted} attach partition {partition.Quoted} {range.Bounds}; or rename it.", $"Attachez-la : alter table {table.Relation.Quoted} attach partition {partition.Quoted} {range.Bounds} ; ou renommez-la."));
        }

        return table.Default is { } rest ? await InDefaultAsync(range, partition, rest, cancellationToken) : null;
    }

    /// <summary>The server refuses a partition whose rows are in the default one already.</summary>
    private async Task<Criterion?> InDefaultAsync(PartitionRange range, Relation partition, Relation rest, CancellationToken cancellationToken)
    {
        var condition = $"{Identifier.Quote(table.Key)} >= {Moment(range.From)} and {Identifier.Quote(table.Key)} < {Moment(range.Until)}";
        var rows = await connection.ScalarAsync<long>($"select count(*) from {rest.Quoted} where {condition}", cancellationToken);
        if (rows == 0)
            return null;
        var move =
            $"begin; create table {partition.Quoted} (like {table.Relation.Quoted} including defaults including constraints including generated); lock table {rest.Quoted} in share row exclusive mode; "
            + $"with moved as (delete from {rest.Quoted} where {condition} returning *) insert into {partition.Quoted} select * from moved; alter table {table.Relation.Quoted} attach partition {partition.Quoted} {range.Bounds}; commit;";
        return Refused(
            Counted(new Text($"{partition}: the default partition {rest} holds", $"{partition} : la partition par défaut {rest} contient"), rows),
            new Text(
                $"Move them when few people write; the default partition is locked meanwhile: {move}",
                $"Déplacez-les à une heure calme ; la partition par défaut est verrouillée entre-temps : {move}"));
    }

    private static Text Counted(Text before, long rows)
    {
        var counted = Text.Count(rows, "row of its time", "rows of its time", "ligne de sa période", "lignes de sa période");
        return new Text($"{before.En} {counted.En}", $"{before.Fr} {counted.Fr}");
    }

    private async Task<Criterion> WhatAsync(IReadOnlyList<PartitionRange> missing, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", missing.Select(range => NewIn(range).Name));
        var size = table.Default is { } rest ? await connection.ScalarAsync<long>($"select pg_relation_size({rest.Oid})", cancellationToken) : 0;
        var title = new Text("What is created", "Ce qui est créé");
        return size < LargeDefault
            ? new Criterion("create", title, Verdict.Passed, Text.Same(names))
            : new Criterion("create", title, Verdict.Warning,
                new Text($"{names}; the default partition {table.Default} ({Sizes.Of(size)}) is read under ACCESS EXCLUSIVE for each", $"{names} ; la partition par défaut {table.Default} ({Sizes.Of(size)}) est lue sous ACCESS EXCLUSIVE pour chacune"),
                new Text("Nobody can use the default partition meanwhile; move its rows into partitions of their own.", "Personne ne peut utiliser la partition par défaut entre-temps ; déplacez ses lignes dans leurs propres partitions."));
    }

    private string Moment(DateOnly day) => $"{Literal.Quote($"{day:yyyy-MM-dd} 00:00:00+00")}::{table.KeyType}";

    private static Criterion Refused(Text evidence, Text remedy) => new("create", new Text("What is created", "Ce qui est créé"), Verdict.Failed, evidence, remedy);
}

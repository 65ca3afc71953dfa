using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Partitions;

/// <summary>Why a table cannot be partitioned as it is. Nothing was changed when there is any.</summary>
internal static class PartitionProblems
{
    private static readonly string[] TimeTypes = ["date", "timestamp without time zone", "timestamp with time zone"];

    /// <exception cref="MigrationFailedException">All reasons at once.</exception>
    public static async Task RefuseAsync(NpgsqlConnection connection, LiveTable table, PartitionSettings settings, PartitionNames names, string where, CancellationToken cancellationToken)
    {
        var problems = Of(table, settings).Concat(await DependentsAsync(connection, table, cancellationToken)).ToList();
        if (await connection.ScalarAsync<bool>($"select to_regclass({Literal.Quote(names.Kept.Quoted)}) is not null", cancellationToken))
            problems.Add(new Text($"there is a {names.Kept} already: give migrations.partition another \"keep\"", $"{names.Kept} existe déjà : donnez un autre « keep » à migrations.partition"));
        if (problems.Count == 0)
            return;
        throw new MigrationFailedException(
            new Text($"{table.Name} cannot be partitioned as it is: {Text.Join(problems).En}.", $"{table.Name} ne peut pas être partitionnée telle quelle : {Text.Join(problems).Fr}."),
            where,
            new Text("Settle each of these in a migration that comes before. Nothing was changed.", "Réglez chacun de ces points dans une migration antérieure. Rien n'a été modifié."));
    }

    private static IEnumerable<Text> Of(LiveTable table, PartitionSettings settings)
    {
        var by = table.Columns.FirstOrDefault(column => column.Name == settings.By);
        if (table.IsPartitioned || table.Kind != 'r' || table.Persistence != 'p' || table.Inherits)
            yield return new Text("it is partitioned, unlogged, foreign, or inherits", "elle est partitionnée, non journalisée, étrangère, ou en héritage");
        if (by is null)
            yield return new Text($"it has no column {settings.By}", $"elle n'a pas de colonne {settings.By}");
        else if (!TimeTypes.Contains(by.Type.Replace("(3)", "", StringComparison.Ordinal).Replace("(6)", "", StringComparison.Ordinal)))
            yield return new Text($"{by.Name} is of type {by.Type}, not date, timestamp or timestamptz", $"{by.Name} est de type {by.Type}, et non date, timestamp ou timestamptz");
        else if (!by.NotNull)
            yield return new Text($"{by.Name} may be null: a row without it would have no partition", $"{by.Name} peut être nulle : une ligne sans elle n'aurait pas de partition");
        if (table.PrimaryKey is null)
            yield return new Text("it has no primary key", "elle n'a pas de clé primaire");
        foreach (var index in table.Indexes)
        {
            if (!index.Valid)
                yield return new Text($"index {index.Name} is invalid", $"l'index {index.Name} est invalide");
            if (index.Constraint == 'x')
                yield return new Text($"{index.Name} is an exclusion constraint, which partitioned tables cannot have", $"{index.Name} est une contrainte d'exclusion, impossible sur une table partitionnée");
            else if (index.Unique && index.Constraint != 'p' && !index.Columns.Contains(settings.By))
                yield return new Text($"{index.Name} is unique without {settings.By}, which no partitioned table can promise: make it an ordinary index", $"{index.Name} est unique sans {settings.By}, ce qu'aucune table partitionnée ne peut garantir : faites-en un index ordinaire");
        }

        foreach (var constraint in table.NotValid)
            yield return new Text($"constraint {constraint} is NOT VALID: rows that break it cannot be copied; validate it first", $"la contrainte {constraint} est NOT VALID : les lignes qui l'enfreignent ne se copient pas ; validez-la d'abord");
        foreach (var key in table.ForeignKeys.Where(key => key.ToItself))
            yield return new Text($"foreign key {key.Name} refers to the table itself", $"la clé étrangère {key.Name} renvoie à la table elle-même");
    }

    /// <summary>
    /// What knows the table by the server's own number stays with the former one. Views, and policies of other tables, are made again;
    /// whatever else there is must be removed before and made again afterwards, by whoever knows what it is for.
    /// </summary>
    private static Task<IReadOnlyList<Text>> DependentsAsync(NpgsqlConnection connection, LiveTable table, CancellationToken cancellationToken) => connection.RowsAsync(
        $"""
        select distinct case d.classid when 'pg_rewrite'::regclass then (select pg_describe_object('pg_class'::regclass, w.ev_class, 0) from pg_rewrite w where w.oid = d.objid) else pg_describe_object(d.classid, d.objid, 0) end
        from pg_depend d
        where (d.refclassid = 'pg_class'::regclass and d.refobjid = {table.Oid}
            or d.refclassid = 'pg_type'::regclass and d.refobjid in (select t.oid from pg_type t where t.typrelid = {table.Oid} union all select t.typarray from pg_type t where t.typrelid = {table.Oid}))
          and d.deptype = 'n'
          and not exists (select from pg_constraint k where d.classid = 'pg_constraint'::regclass and k.oid = d.objid and k.conrelid = {table.Oid})
          and not exists (select from pg_rewrite w join pg_class c on c.oid = w.ev_class where d.classid = 'pg_rewrite'::regclass and w.oid = d.objid and c.relkind = 'v')
          and d.classid not in ('pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_attrdef'::regclass, 'pg_publication_rel'::regclass)
          and not exists (select from pg_class c where d.classid = 'pg_class'::regclass and c.oid = d.objid and c.relkind in ('i', 'S'))
        union
        select 'rule ' || rulename from pg_rewrite where ev_class = {table.Oid}
        """,
        row => new Text($"{row.GetString(0)} depends on it: drop it before, and make it again below", $"{row.GetString(0)} en dépend : supprimez-le avant, et recréez-le dessous"),
        cancellationToken);
}

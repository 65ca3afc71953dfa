using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Rows that break a foreign key which nobody declared, as far as names tell.</summary>
internal static class LikelyOrphans
{
    public static FindingRule Rule { get; } = new("likely-orphaned-rows", Risk.Low, FindAsync)
    {
        Why = new(
            "A guess, and told as one: a column `contact_id` or `contactId` that no foreign key has, of the very type of the primary key of a table `contact` or `contacts` in the same schema. (Plurals: -s; -es after s, x, z, ch, sh; -ies for -y after a consonant; people, children, men, women. Where two tables fit, neither is meant.) Told only where rows refer to nothing; what is deliberate belongs into `inspect.ignore`.",
            "Une supposition, et présentée comme telle : une colonne `contact_id` ou `contactId` sans clé étrangère, exactement du type de la clé primaire d'une table `contact` ou `contacts` du même schéma. (Pluriels : -s ; -es après s, x, z, ch, sh ; -ies pour -y après une consonne ; people, children, men, women. Si deux tables conviennent, aucune n'est retenue.) Signalée seulement si des lignes ne désignent rien ; ce qui est voulu a sa place dans `inspect.ignore`."),
        Counts = new("orphaned rows", "lignes orphelines"),
        Bad = """
            create table contacts (id uuid primary key);
            create table tags (id bigint primary key, contact_id uuid);
            insert into tags values (1, '00000000-0000-0000-0000-000000000001'), (2, null);
            """,
        Found = "public.tags.contact_id",
        Good = """
            create table contacts (id uuid primary key);
            create table tags (id bigint primary key, contact_id text, stripe_contact_id uuid);
            insert into tags values (1, 'c_1', '00000000-0000-0000-0000-000000000001');
            create table company (id bigint primary key);
            create table companies (id bigint primary key, company_id bigint);
            insert into companies values (1, 2);
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var keys = (await KeysAsync(context, cancellationToken)).ToLookup(key => key.Schema, StringComparer.Ordinal);
        var tables = keys.ToDictionary(schema => schema.Key, schema => new ReferenceNames(schema.Select(key => key.LocalTable)), StringComparer.Ordinal);
        var guesses = from column in await ColumnsAsync(context, cancellationToken)
                      let name = tables.GetValueOrDefault(column.Schema)?.Table(column.Name)
                      where name is not null
                      let key = keys[column.Schema].First(key => key.LocalTable == name)
                      where key.TypeId == column.TypeId && key.Table != column.Table
                      select QueryOf(column, key);
        return await OrphanCount.TakeAsync(context, guesses, query => query, (_, query, answer) => Tell(query, answer), cancellationToken);
    }

    private static OrphanQuery QueryOf(Column column, Key key) => new()
    {
        Table = column.Table,
        Partitioned = column.Partitioned,
        Columns = [column.Quoted],
        Referenced = key.Table,
        ReferencedPartitioned = key.Partitioned,
        ReferencedColumns = [key.Column],
        Operators = [key.Operator],
        TableBytes = column.TableBytes,
    };

    private static Finding Tell(OrphanQuery query, OrphanCount.Answer answer)
    {
        var guess = new Text($"a guess from the names: no foreign key to {query.Referenced} is declared", $"supposition d'après les noms : aucune clé étrangère vers {query.Referenced} n'est déclarée");
        return new Finding(
            "likely-orphaned-rows", Risk.Low, query.Place,
            answer.Count is { } count
                ? new Text($"{Figures.Of(count)} {(count == 1 ? "row refers" : "rows refer")} to no row of {query.Referenced}; {guess.En}", $"{Figures.Of(count)} {(count == 1 ? "ligne ne désigne" : "lignes ne désignent")} aucune ligne de {query.Referenced} ; {guess.Fr}")
                : new Text($"{answer.Why?.En}; {guess.En}", $"{answer.Why?.Fr} ; {guess.Fr}"),
            new Text($"Look: {query.List} If it is a reference, mend them and declare it: {Declare(query)}", $"Regardez : {query.List} Si c'est une référence, corrigez-les et déclarez-la : {Declare(query)}"),
            answer.Count)
        {
            Table = query.Table,
            Unanswered = answer.Count is null,
        };
    }

    private static string Declare(OrphanQuery query) => $"alter table {query.Table} add foreign key ({query.Columns[0]}) references {query.Referenced} ({query.ReferencedColumns[0]}) not valid;";

    /// <summary>Primary keys of one column, with the operator that their index calls equal.</summary>
    private static Task<IReadOnlyList<Key>> KeysAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select t.nspname::text, t.relname::text, t.name, t.relkind = 'p', quote_ident(a.attname), a.atttypid, format('operator(%I.%s)', s.nspname, o.oprname)
        from tables t
        join pg_index i on i.indrelid = t.oid and i.indisprimary and i.indisvalid and i.indnkeyatts = 1
        join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
        join pg_opclass c on c.oid = i.indclass[0]
        join pg_amop m on m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype and m.amopstrategy = 3
        join pg_operator o on o.oid = m.amopopr join pg_namespace s on s.oid = o.oprnamespace
        where not t.relispartition
        """,
        row => new Key(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetString(4), row.GetFieldValue<uint>(5), row.GetString(6)),
        cancellationToken);

    private static Task<IReadOnlyList<Column>> ColumnsAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select t.nspname::text, t.name, t.relkind = 'p', a.attname::text, quote_ident(a.attname), a.atttypid,
               coalesce((select sum(pg_relation_size(p.relid)) from pg_partition_tree(t.oid) p where p.isleaf), pg_relation_size(t.oid))::bigint
        from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        where t.relkind in ('r', 'p') and not t.relispartition and (a.attname like '%\_id' or a.attname like '%Id')
          and not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'f' and a.attnum = any (k.conkey))
        order by t.oid, a.attnum
        """,
        row => new Column(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetString(4), row.GetFieldValue<uint>(5), row.GetInt64(6)),
        cancellationToken);

    private sealed record Key(string Schema, string LocalTable, string Table, bool Partitioned, string Column, uint TypeId, string Operator);

    private sealed record Column(string Schema, string Table, bool Partitioned, string Name, string Quoted, uint TypeId, long TableBytes);
}

using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Transaction ids that are not frozen in time: at the limit the database accepts no more writes.</summary>
public static class TransactionIdAge
{
    /// <summary>Beyond this age PostgreSQL refuses new transaction ids, three million before the ids come round.</summary>
    public const long Limit = (1L << 31) - 3_000_000;

    /// <summary>Autovacuum begins at its own limit; a tenth beyond it, it does not keep up.</summary>
    private const long Tenth = 10;

    public static FindingRule Rule { get; } = new("transaction-id-age", Risk.Medium, FindAsync)
    {
        Why = new(
            "PostgreSQL stops accepting writes when the oldest transaction id is about 2 billion transactions old. Autovacuum freezes rows from `autovacuum_freeze_max_age` on (a table's own setting counts); a database or table 10 % beyond that is one with which autovacuum does not keep up: an old transaction, a prepared one or a replication slot holds it back, or it is too slow. High from half of the limit on.",
            "PostgreSQL refuse les écritures quand le plus ancien identifiant de transaction a environ 2 milliards de transactions. Autovacuum fige les lignes à partir de `autovacuum_freeze_max_age` (le réglage propre à une table compte) ; une base ou une table à 10 % au-delà en est une qu'autovacuum n'arrive pas à suivre : une vieille transaction, une transaction préparée ou un slot de réplication le retient, ou il est trop lent. Élevé à partir de la moitié de la limite."),
        NotOnCopy = new("a copy's transaction ids begin with its restore", "les identifiants de transaction d'une copie commencent à sa restauration"),
        Bad = """
            create table orders (id bigint primary key, note text) with (autovacuum_freeze_max_age = 100000);
            create procedure pass_time() language plpgsql as $$ begin for n in 1..112000 loop perform txid_current(); commit; end loop; end $$;
            call pass_time();
            """,
        Found = "public.orders",
        Good = """
            create table orders (id bigint primary key, note text) with (autovacuum_freeze_max_age = 100000);
            create procedure pass_time() language plpgsql as $$ begin for n in 1..80000 loop perform txid_current(); commit; end loop; end $$;
            call pass_time();
            """,
    };

    /// <summary>Null: there is no hurry.</summary>
    /// <param name="age">Transactions since the oldest id that is not frozen.</param>
    /// <param name="freezeAt">The age at which autovacuum begins.</param>
    public static Risk? RiskOf(long age, long freezeAt) => age >= Limit / 2 ? Risk.High : age >= freezeAt + (freezeAt / Tenth) ? Risk.Medium : null;

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var rows = await context.RowsAsync(
            """
            select quote_ident(d.datname), age(d.datfrozenxid)::bigint, current_setting('autovacuum_freeze_max_age')::bigint, true from pg_database d where d.datname = current_database()
            union all
            select t.name, greatest(age(t.relfrozenxid), age(o.relfrozenxid))::bigint,
                   least(current_setting('autovacuum_freeze_max_age')::bigint, (select option_value::bigint from pg_options_to_table(t.reloptions) where option_name = 'autovacuum_freeze_max_age')), false
            from tables t left join pg_class o on o.oid = t.reltoastrelid
            where t.relkind in ('r', 'm')
            """,
            row => (Name: row.GetString(0), Age: row.GetInt64(1), FreezeAt: row.GetInt64(2), IsDatabase: row.GetBoolean(3)),
            cancellationToken);
        return [.. rows.Where(row => RiskOf(row.Age, row.FreezeAt) is not null).Select(row => Tell(row.Name, row.Age, row.FreezeAt, row.IsDatabase))];
    }

    private static Finding Tell(string name, long age, long freezeAt, bool isDatabase) => new(
        "transaction-id-age", RiskOf(age, freezeAt) ?? Risk.Medium, name,
        new Text(
            $"the oldest id that is not frozen is {Figures.Of(age)} transactions old; autovacuum should have begun at {Figures.Of(freezeAt)}, writes stop at {Figures.Of(Limit)} ({Figures.Percent((double)age / Limit)} of the way)",
            $"le plus ancien identifiant non figé a {Figures.Of(age)} transactions ; autovacuum devait commencer à {Figures.Of(freezeAt)}, les écritures s'arrêtent à {Figures.Of(Limit)} ({Figures.Percent((double)age / Limit)} du chemin)"),
        new Text(
            $"End what holds it back (pg_stat_activity.backend_xmin, pg_prepared_xacts, pg_replication_slots), then: vacuum (freeze){(isDatabase ? "" : $" {name}")};",
            $"Terminez ce qui le retient (pg_stat_activity.backend_xmin, pg_prepared_xacts, pg_replication_slots), puis : vacuum (freeze){(isDatabase ? "" : $" {name}")};"));
}

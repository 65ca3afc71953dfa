using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A constraint that old rows were never held against.</summary>
internal static class NotValidConstraint
{
    public static FindingRule Rule { get; } = new("not-valid-constraint", Risk.Medium, FindAsync)
    {
        Why = new(
            "A constraint added NOT VALID holds for new rows; the old ones were never looked at, and the planner does not rely on it. VALIDATE CONSTRAINT reads the table while others work. (NOT ENFORCED ones of PostgreSQL 18 are meant so and are not told.)",
            "Une contrainte ajoutée NOT VALID vaut pour les nouvelles lignes ; les anciennes n'ont jamais été vérifiées, et le planificateur ne s'y fie pas. VALIDATE CONSTRAINT lit la table pendant que les autres travaillent. (Celles de PostgreSQL 18 qui sont NOT ENFORCED le sont exprès et ne sont pas signalées.)"),
        Bad = """
            create table orders (id bigint primary key, total numeric);
            alter table orders add constraint orders_total_positive check (total >= 0) not valid;
            """,
        Found = "orders_total_positive on public.orders",
        Good = """
            create table orders (id bigint primary key, total numeric);
            alter table orders add constraint orders_total_positive check (total >= 0) not valid;
            alter table orders validate constraint orders_total_positive;
            """,
    };

    private static Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        // conenforced came with PostgreSQL 18: read through JSON, its absence is no error.
        """
        select quote_ident(k.conname), coalesce(t.name, d.name), t.name is null, pg_get_constraintdef(k.oid)
        from pg_constraint k
        left join tables t on t.oid = k.conrelid
        left join (select y.oid, format('%I.%I', o.nspname, y.typname) as name from pg_type y join ours o on o.oid = y.typnamespace
                   where not exists (select from members m where m.classid = 'pg_type'::regclass and m.objid = y.oid)) d on d.oid = k.contypid
        where not k.convalidated and k.conparentid = 0 and (k.conislocal or k.coninhcount = 0) and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
          and coalesce(t.oid, d.oid) is not null
        """,
        row => Tell(row.GetString(0), row.GetString(1), ofDomain: row.GetBoolean(2), row.GetString(3)),
        cancellationToken);

    private static Finding Tell(string constraint, string on, bool ofDomain, string definition) => new(
        "not-valid-constraint", Risk.Medium, $"{constraint} on {on}",
        new Text($"old rows were never held against it: {definition}", $"les anciennes lignes n'ont jamais été vérifiées : {definition}"),
        Text.Same($"alter {(ofDomain ? "domain" : "table")} {on} validate constraint {constraint};"))
    {
        Table = ofDomain ? null : on,
    };
}

using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Rows that break a declared foreign key which the server never held them against.</summary>
internal static class OrphanedRows
{
    public static FindingRule Rule { get; } = new("orphaned-rows", Risk.High, FindAsync)
    {
        Why = new(
            "Rows refer to rows that are not there. Counted for foreign keys that are NOT VALID and for those of which a trigger is disabled; the others the server vouches for. (What came in while a trigger was disabled that fires again by now, or with `session_replication_role = replica`, leaves no trace in the catalog: ask with a check of your own.) A count that `inspect.budget` does not suffice for is told as such.",
            "Des lignes désignent des lignes qui n'existent pas. Comptées pour les clés étrangères NOT VALID et pour celles dont un trigger est désactivé ; le serveur se porte garant des autres. (Ce qui est entré pendant qu'un trigger, réactivé depuis, était désactivé, ou avec `session_replication_role = replica`, ne laisse pas de trace dans le catalogue : posez la question par un contrôle à vous.) Un décompte pour lequel `inspect.budget` ne suffit pas est signalé comme tel."),
        Counts = new("orphaned rows", "lignes orphelines"),
        Bad = """
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer_id bigint references customers);
            create index orders_customer on orders (customer_id);
            alter table orders disable trigger all;
            insert into orders values (1, 7), (2, null);
            """,
        Found = "public.orders.customer_id",
        Good = """
            create table customers (id bigint, site int, primary key (id, site));
            create table orders (id bigint primary key, customer_id bigint, site int, foreign key (customer_id, site) references customers match simple);
            create index orders_customer on orders (customer_id, site);
            alter table orders disable trigger all;
            insert into customers values (7, 1);
            insert into orders values (1, 7, 1), (2, null, 1), (3, 8, null), (4, null, null);
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var keys = await DeclaredForeignKey.ReadAsync(context, cancellationToken);
        return await OrphanCount.TakeAsync(context, keys.Where(key => !key.Valid || key.Disabled), QueryOf, Tell, cancellationToken);
    }

    private static OrphanQuery QueryOf(DeclaredForeignKey key) => new()
    {
        Table = key.Table,
        Partitioned = key.Partitioned,
        Columns = key.Columns,
        Referenced = key.Referenced,
        ReferencedPartitioned = key.ReferencedPartitioned,
        ReferencedColumns = key.ReferencedColumns,
        Operators = key.Operators,
        MatchFull = key.MatchFull,
        TableBytes = key.TableBytes,
    };

    private static Finding Tell(DeclaredForeignKey key, OrphanQuery query, OrphanCount.Answer answer)
    {
        var state = key.Disabled ? new Text("its triggers are disabled", "ses triggers sont désactivés") : Text.Same("NOT VALID");
        var which = new Text($"foreign key {key.Constraint} ({state.En})", $"clé étrangère {key.Constraint} ({state.Fr})");
        return answer.Count is { } count
            ? new Finding(
                "orphaned-rows", Risk.High, query.Place,
                new Text($"{Figures.Of(count)} {(count == 1 ? "row refers" : "rows refer")} to no row of {key.Referenced}; {which.En}", $"{Figures.Of(count)} {(count == 1 ? "ligne ne désigne" : "lignes ne désignent")} aucune ligne de {key.Referenced} ; {which.Fr}"),
                Remedy(key, query),
                count)
            { Table = key.Table }
            : new Finding("orphaned-rows", Risk.Low, query.Place, new Text($"{answer.Why?.En}; {which.En}", $"{answer.Why?.Fr} ; {which.Fr}"), Text.Same(query.List)) { Table = key.Table, Unanswered = true };
    }

    private static Text Remedy(DeclaredForeignKey key, OrphanQuery query)
    {
        var then = key.Disabled ? $"alter table {key.Table} enable trigger all;" : $"alter table {key.Table} validate constraint {key.Constraint};";
        return new Text($"Mend or delete them: {query.List} Then: {then}", $"Corrigez-les ou supprimez-les : {query.List} Puis : {then}");
    }
}

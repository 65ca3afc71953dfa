using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Partitions;

/// <summary>SQL that makes a partitioned table like a live one, empty and beside it. Each list is a transaction of its own, so that locks on tables that foreign keys refer to are short.</summary>
internal sealed record PartitionedTable(LiveTable Like, PartitionNames Names, PartitionSettings Settings, IReadOnlyList<PartitionRange> Ranges, int ServerVersion)
{
    private string Table => Names.New.Quoted;

    /// <summary>The primary key must hold the column that tells the partition (PostgreSQL manual, "Table Partitioning", limitations).</summary>
    public static IReadOnlyList<string> Key(LiveTable table, PartitionSettings settings) =>
        [.. table.PrimaryKey!.Columns.Append(settings.By).Distinct(StringComparer.Ordinal).Select(Identifier.Quote)];

    public IEnumerable<IReadOnlyList<string>> Transactions()
    {
        yield return [$"drop table if exists {Table}", Create, $"alter table {Table} owner to {Like.Owner}", PrimaryKey];
        // Before there are partitions, each of which gets its own copy of it.
        foreach (var key in Like.ForeignKeys)
            yield return [$"alter table {Table} add constraint {Identifier.Quote(key.Name)} {key.Definition}"];
        foreach (var range in Ranges)
            yield return Partition(range.NameIn(Names.Table.Name), range.Bounds);
        yield return Partition(PartitionRange.DefaultNameIn(Names.Table.Name), "default");
        foreach (var index in Like.Indexes.Where(index => index.Constraint != 'p'))
            yield return [index.Constraint == 'u' ? UniqueConstraint(index) : Index(index)];
        yield return [NoGrants(Table)];
    }

    /// <summary>A partition can be asked by its own name, past the policies and grants of the whole: nobody but the owner may.</summary>
    private IReadOnlyList<string> Partition(string name, string bounds)
    {
        var partition = Names.Beside(name);
        return
        [
            $"create table {partition} partition of {Table} {bounds}{(Like.Parameters.Length > 0 ? $" with ({Like.Parameters})" : "")}",
            $"alter table {partition} owner to {Like.Owner}",
            .. Like.RowSecurity ? [$"alter table {partition} enable row level security"] : Array.Empty<string>(),
            NoGrants(partition),
        ];
    }

    private string Create =>
        $"""
        create table {Table} (like {Like.Name.Quoted} including defaults including constraints including generated including identity including storage including comments{(ServerVersion >= 14 ? " including compression" : "")})
        partition by range ({Identifier.Quote(Settings.By)}){(Like.Tablespace.Length > 0 ? $" tablespace {Like.Tablespace}" : "")}
        """;

    private string PrimaryKey => $"alter table {Table} add constraint {Identifier.Quote(PartitionNames.NewIndex(Like.PrimaryKey!.Name))} primary key ({string.Join(", ", Key(Like, Settings))})";

    private string UniqueConstraint(LiveIndex index) => $"alter table {Table} add constraint {Identifier.Quote(PartitionNames.NewIndex(index.Name))} {index.Definition}";

    private string Index(LiveIndex index) => $"create {(index.Unique ? "unique " : "")}index {Identifier.Quote(PartitionNames.NewIndex(index.Name))} on {Table} {index.Using}";

    /// <summary>Takes away what default privileges gave.</summary>
    public static string NoGrants(string relation) =>
        $"""
        do $grants$
        declare other text;
        begin
          for other in select distinct case e.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end
            from pg_class c cross join aclexplode(c.relacl) e where c.oid = {Literal.Quote(relation)}::regclass and e.grantee <> c.relowner
          loop
            execute {Literal.Quote($"revoke all on {relation} from ")} || other;
          end loop;
        end $grants$
        """;
}

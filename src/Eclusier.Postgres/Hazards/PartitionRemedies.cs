using Eclusier.Postgres.Catalog;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>
/// What cannot be done CONCURRENTLY or NOT VALID on a partitioned table is done on each of its partitions, and then on the whole, which takes over what it finds
/// (see https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE).
/// </summary>
internal static class PartitionRemedies
{
    public static string CreateIndex(StatementTokens tokens, TreeNode index, TableName table, HazardContext context)
    {
        var name = index.Text("idxname") is { Length: > 0 } given ? given : NameOn(index, table.Name);
        var place = tokens.At(index.Field("relation")!.Has("location") ? index.Field("relation")!.Fields.GetProperty("location").GetInt32() : 0);
        var rest = tokens.Range(tokens.BehindName(place), tokens.Count);
        var unique = index.Flag("unique") ? "unique " : "";
        var (build, attach) = (new List<string>(), new List<string>());
        Add(table, name);
        return new Rollout([$"create {unique}index {Identifier.QuoteWhereNeeded(name)} on only {table.Sql} {rest}", .. build]).Then(attach).ToString();

        void Add(TableName parent, string parentIndex)
        {
            foreach (var partition in context.Catalog.Partitions[context.KeyOf(parent)])
            {
                var child = NameOf(partition, table);
                var childIndex = NameOn(index, partition.Name);
                build.Add($"create {unique}index {(partition.Partitioned ? "" : "concurrently ")}{Identifier.QuoteWhereNeeded(childIndex)} on {(partition.Partitioned ? "only " : "")}{child.Sql} {rest}");
                if (partition.Partitioned)
                    Add(new TableName(partition.Schema, partition.Name), childIndex);
                attach.Add($"alter index {new TableName(SchemaOf(parent, table), parentIndex).Sql} attach partition {new TableName(child.Schema, childIndex).Sql}");
            }
        }
    }

    /// <summary>A unique or primary key: on the whole without its partitions, by an index on each of these, and attached.</summary>
    public static SafeSteps? Key(TreeNode constraint, string command, AlteredTable table)
    {
        var name = SafeSteps.KeyName(constraint, table.Name.Name);
        var primary = constraint.Text("contype") == "CONSTR_PRIMARY";
        var partitions = table.Context.Catalog.Partitions[table.Context.KeyOf(table.Name)].ToArray();
        // The server refuses ONLY where a partition lacks what the primary key needs, and where partitions have partitions this becomes a plan of its own.
        if (table.IsOnly || primary || partitions.Any(partition => partition.Partitioned))
            return null;
        var (build, take, attach) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var partition in partitions)
        {
            var child = NameOf(partition, table.Name);
            var childName = Identifier.QuoteWhereNeeded(ObjectNames.Make(partition.Name, ObjectNames.Join(constraint.Items("keys").Select(key => key.Text("sval"))), "key"));
            build.Add($"create unique index concurrently {childName} on {child.Sql} {ConstraintText.IndexDefinition(constraint)}");
            take.Add($"alter table {child.Sql} add constraint {childName} unique using index {childName}{ConstraintText.Deferral(constraint)}");
            attach.Add($"alter index {new TableName(table.Name.Schema, Identifier.NameOf(name)).Sql} attach partition {new TableName(child.Schema, Identifier.NameOf(childName)).Sql}");
        }

        var whole = constraint.Text("conname").Length > 0 ? command : new StatementTokens(command).InsertBehind(0, $"constraint {name}");
        return new SafeSteps(null, build, [.. take, $"alter table only {table.Name.Sql} {whole}", .. attach], []);
    }

    /// <summary>A valid foreign key on each partition; the one on the whole takes them over and reads nothing.</summary>
    public static SafeSteps ForeignKey(TreeNode constraint, string command, AlteredTable table)
    {
        var columns = ObjectNames.Join(constraint.Items("fk_attrs").Select(key => key.Text("sval")));
        var (add, validate) = (new List<string>(), new List<string>());
        foreach (var leaf in Leaves(table.Context.KeyOf(table.Name), table.Context))
        {
            var child = NameOf(leaf, table.Name);
            var one = new AlteredTable(child, $"alter table {child.Sql}", IsOnly: false, table.Context);
            var (name, named) = SafeSteps.Named(constraint, command, one, () => columns, "fkey");
            add.Add($"{one.Head} {named} not valid");
            validate.Add($"{one.Head} validate constraint {name}");
        }

        return new SafeSteps(null, add, validate, [$"{table.Head} {command}"]);
    }

    private static IEnumerable<PartitionFact> Leaves(string key, HazardContext context) => context.Catalog.Partitions[key]
        .SelectMany(partition => partition.Partitioned ? Leaves($"{partition.Schema}.{partition.Name}", context) : [partition]);

    /// <summary>Written like the whole: without a schema where that has none and it is the usual one.</summary>
    private static TableName NameOf(PartitionFact partition, TableName like) =>
        new(like.Schema is null && partition.Schema == "public" ? null : partition.Schema, partition.Name);

    private static string? SchemaOf(TableName parent, TableName whole) => whole.Schema is null && parent.Schema is "public" ? null : parent.Schema;

    private static string NameOn(TreeNode index, string table) =>
        ObjectNames.Make(table, ObjectNames.Join(index.Items("indexParams").Concat(index.Items("indexIncludingParams")).Select(element => element.Text("name") is { Length: > 0 } column ? column : "expr")), "idx");
}

using System.Text;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Partitions;

/// <summary>What the parts of a partitioning are called, so that each can be found again after a crash.</summary>
internal sealed record PartitionNames(TableName Table, TableName Kept)
{
    /// <summary>https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS: bytes of a name; the server cuts off the rest.</summary>
    public const int LongestName = 63;

    private const string NewSuffix = "__eclusier_new";

    public static PartitionNames Of(TableName table, PartitionSettings settings) => new(table, table with { Name = settings.Keep });

    /// <summary>The partitioned table until it takes its place; on the way back, until it is dropped.</summary>
    public TableName New => With(NewSuffix);

    /// <summary>The function that has every write to the live table go to the new one, and its triggers.</summary>
    public TableName Sync => With("__eclusier_sync");

    /// <summary>The function that has every write to the partitioned table go to the former one, and its triggers.</summary>
    public TableName Back => With("__eclusier_back");

    /// <summary>Errors for which a write could not go to the former table.</summary>
    public TableName Missed => With("__eclusier_missed");

    /// <summary>Of an index, until its table takes its place.</summary>
    public static string NewIndex(string index) => Cut(index, NewSuffix);

    /// <summary>Of what belongs to the former table, and leaves its own name to the new one: as the table itself is called now.</summary>
    public string KeptOf(string name) =>
        Cut(name, Kept.Name.StartsWith(Table.Name, StringComparison.Ordinal) && Kept.Name.Length > Table.Name.Length ? Kept.Name[Table.Name.Length..] : $"_{Kept.Name}");

    /// <summary>A name with an ending that stays whole when it becomes too long.</summary>
    public static string Cut(string name, string ending)
    {
        var room = LongestName - Encoding.UTF8.GetByteCount(ending);
        while (Encoding.UTF8.GetByteCount(name) > room)
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return name + ending;
    }

    /// <summary>In the table's schema, as SQL wants it.</summary>
    public string Beside(string name) => (Table with { Name = name }).Quoted;

    private TableName With(string ending) => Table with { Name = Cut(Table.Name, ending) };
}

namespace Eclusier.Postgres.Diagnostics;

/// <summary>Rows of one table that refer to no row of another, as PostgreSQL's own foreign keys see it.</summary>
internal sealed record OrphanQuery
{
    /// <summary>Names are quoted where SQL wants it.</summary>
    public required string Table { get; init; }

    /// <summary>A partitioned table is meant with its partitions; any other without the tables that inherit from it.</summary>
    public required bool Partitioned { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public required string Referenced { get; init; }

    public required bool ReferencedPartitioned { get; init; }

    public required IReadOnlyList<string> ReferencedColumns { get; init; }

    /// <summary>Compare referenced with referencing.</summary>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>With MATCH SIMPLE a row that is null in part refers to nothing, and is no orphan; with MATCH FULL it is one.</summary>
    public bool MatchFull { get; init; }

    public required long TableBytes { get; init; }

    public string Count => $"select count(*){Rest}";

    /// <summary>For the user.</summary>
    public string List => $"select *{Rest};";

    /// <summary><c>public.tags.contact_id</c>, <c>public.tags(a, b)</c>.</summary>
    public string Place => Columns.Count == 1 ? $"{Table}.{Columns[0]}" : $"{Table}({string.Join(", ", Columns)})";

    private string Rest
    {
        get
        {
            var referring = string.Join(MatchFull ? " or " : " and ", Columns.Select(column => $"c.{column} is not null"));
            var same = string.Join(" and ", Columns.Select((column, place) => $"p.{ReferencedColumns[place]} {Operators[place]} c.{column}"));
            return $" from {Only(Partitioned)}{Table} c where ({referring}) and not exists (select from {Only(ReferencedPartitioned)}{Referenced} p where {same})";
        }
    }

    private static string Only(bool partitioned) => partitioned ? "" : "only ";
}

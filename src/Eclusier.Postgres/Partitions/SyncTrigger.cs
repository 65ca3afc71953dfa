using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Partitions;

/// <summary>A function, and triggers that call it, which have every write to one table go to another one in the same transaction.</summary>
/// <param name="From">The table that is written to.</param>
/// <param name="To">The one that follows.</param>
/// <param name="Function">Also the triggers' name.</param>
/// <param name="Owner">Whoever owns both tables, quoted: the function writes with that role's rights, whoever writes to the first one.</param>
/// <param name="Columns">What is written, quoted.</param>
/// <param name="Key">What both know a row by, quoted.</param>
/// <param name="Unique">The primary key of the second, quoted.</param>
internal sealed record SyncTrigger(TableName From, TableName To, TableName Function, string Owner, IReadOnlyList<string> Columns, IReadOnlyList<string> Key, IReadOnlyList<string> Unique)
{
    /// <summary>Where errors are noted that must not reach whoever writes to the first table; null: they do reach them.</summary>
    public TableName? Missed { get; init; }

    private string Name => Identifier.Quote(Function.Name);

    public IEnumerable<string> Create()
    {
        yield return $"""
            create or replace function {Function.Quoted}() returns trigger language plpgsql security definer set search_path = pg_catalog as {Literal.Quote(Body())}
            """;
        yield return $"revoke all on function {Function.Quoted}() from public";
        yield return $"alter function {Function.Quoted}() owner to {Owner}";
        yield return $"create trigger {Name} after insert or update or delete on {From.Quoted} for each row execute function {Function.Quoted}()";
        yield return $"create trigger {Identifier.Quote(Truncation)} after truncate on {From.Quoted} for each statement execute function {Function.Quoted}()";
        // Also for what logical replication brings (session_replication_role = replica).
        yield return $"alter table {From.Quoted} enable always trigger {Name}";
        yield return $"alter table {From.Quoted} enable always trigger {Identifier.Quote(Truncation)}";
    }

    public IEnumerable<string> Drop()
    {
        yield return $"drop trigger if exists {Name} on {From.Quoted}";
        yield return $"drop trigger if exists {Identifier.Quote(Truncation)} on {From.Quoted}";
        yield return $"drop function if exists {Function.Quoted}()";
    }

    private string Truncation => PartitionNames.Cut(Function.Name, "_all");

    /// <summary>A row whose key changes leaves its former place; one that was not there yet comes.</summary>
    private string Body()
    {
        var others = Columns.Except(Unique, StringComparer.Ordinal).ToList();
        var writing = $"""
              if tg_op = 'TRUNCATE' then
                truncate {To.Quoted};
                return null;
              end if;
              if tg_op = 'DELETE' then
                delete from {To.Quoted} t where {Same("old")};
                return null;
              end if;
              if tg_op = 'UPDATE' then
                if ({Of("old", Key)}) is distinct from ({Of("new", Key)}) then
                  delete from {To.Quoted} t where {Same("old")};
                end if;
              end if;
              insert into {To.Quoted} ({string.Join(", ", Columns)}) overriding system value values ({Of("new", Columns)})
                on conflict ({string.Join(", ", Unique)}) do {(others.Count == 0 ? "nothing" : $"update set {string.Join(", ", others.Select(column => $"{column} = excluded.{column}"))}")};
              return null;
            """;
        return Missed is not { } missed
            ? $"begin\n{writing}\nend"
            : $"""
            begin
              if to_regclass({Literal.Quote(To.Quoted)}) is null then
                return null;
              end if;
            {writing}
            exception when others then
              -- The way back is not worth an error to the application; that it has a gap is on record.
              insert into {missed.Quoted} values (sqlstate, sqlerrm, now()) on conflict do nothing;
              return null;
            end
            """;
    }

    private string Same(string row) => string.Join(" and ", Key.Select(column => $"t.{column} = {row}.{column}"));

    private static string Of(string row, IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{row}.{column}"));
}

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>Writes migrations that fit each other: tables, columns, defaults, indexes, functions, policies, views, made, changed, renamed and dropped.</summary>
internal sealed class GeneratedHistory(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _tables = [];
    private readonly List<(string Table, string Column)> _columns = [];
    private readonly List<string> _indexes = [];
    private readonly List<string> _functions = [];
    private readonly List<(string Name, string Table)> _policies = [];
    private int _number;

    /// <summary>Each as the text of a file.</summary>
    public IReadOnlyList<string> Write(int migrations) =>
        [.. Enumerable.Range(0, migrations).Select(_ => string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{Statement()};\n")))];

    private string Statement() => _tables.Count == 0 ? NewTable() : _random.Next(13) switch
    {
        0 => NewTable(),
        1 or 2 => NewColumn(),
        3 => _columns.Count == 0 ? NewColumn() : $"alter table {Some(_columns).Table} alter column id set default {++_number}",
        4 or 5 => NewIndex(),
        6 => _indexes.Count == 0 ? NewIndex() : $"drop index {Taken(_indexes)}",
        7 => NewFunction(),
        8 => _functions.Count == 0 ? NewFunction() : Function(Some(_functions)),
        9 => NewPolicy(),
        10 => _policies.Count == 0 ? NewPolicy() : Some(_policies) is var (name, table) ? $"alter policy {name} on {table} using (id > {++_number})" : "",
        11 => Renamed(),
        _ => Dropped(),
    };

    private string NewTable()
    {
        _tables.Add($"t{++_number}");
        return $"create table {_tables[^1]} (id int primary key default {_number}, label text not null default 'l{_number}')";
    }

    private string NewColumn()
    {
        _columns.Add((Some(_tables), $"c{++_number}"));
        return $"alter table {_columns[^1].Table} add column {_columns[^1].Column} int{(_random.Next(2) == 0 ? $" default {_number}" : "")}";
    }

    private string NewIndex()
    {
        _indexes.Add($"i{++_number}");
        return $"create index {_indexes[^1]} on {Some(_tables)} (id) where id > {_number}";
    }

    private string NewFunction()
    {
        _functions.Add($"f{++_number}");
        return Function(_functions[^1]);
    }

    private string Function(string name) => $"create or replace function {name}() returns int language sql as 'select {++_number}'";

    private string NewPolicy()
    {
        _policies.Add(($"p{++_number}", Some(_tables)));
        return $"create policy {_policies[^1].Name} on {_policies[^1].Table} for select using (id = {_number})";
    }

    private string Renamed()
    {
        if (_columns.Count == 0)
            return NewColumn();
        var at = _random.Next(_columns.Count);
        var (table, old) = _columns[at];
        _columns[at] = (table, $"c{++_number}");
        return $"alter table {table} rename column {old} to {_columns[at].Column}";
    }

    private string Dropped()
    {
        if (_columns.Count == 0)
            return NewColumn();
        var (table, column) = Taken(_columns);
        return $"alter table {table} drop column {column}";
    }

    private T Some<T>(List<T> list) => list[_random.Next(list.Count)];

    private T Taken<T>(List<T> list)
    {
        var taken = Some(list);
        list.Remove(taken);
        return taken;
    }
}

using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Eclusier.Redaction;
using Npgsql;

namespace Eclusier.Postgres.Watching;

/// <summary>Reads <c>pg_stat_statements</c> (https://www.postgresql.org/docs/current/pgstatstatements.html), where it is installed, loaded and to be seen.</summary>
internal sealed class StatementStatistics(NpgsqlConnection connection)
{
    /// <summary>As many as the server keeps, unless it was told to keep more (pg_stat_statements.max): then those that took the most time.</summary>
    private const int Most = 5000;

    private const int LongestShown = 200;

    /// <summary>Number of the statement -> its text without literals: what utility statements hold may be nobody's business.</summary>
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    private string? _view;
    private bool _looked;

    /// <returns>Null where there are none.</returns>
    public async Task<IReadOnlyList<StatementTimes>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_looked)
            _view = await FindAsync(cancellationToken);
        _looked = true;
        if (_view is not { } query)
            return null;
        try
        {
            return await connection.RowsAsync(query, row => new StatementTimes(row.GetString(0), Shown(row.GetString(0), row.GetString(1)), row.GetInt64(2), row.GetDouble(3)), cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable)
        {
            // Installed, but not among shared_preload_libraries; or not for this user. The rest of the watch goes on without.
            _view = null;
            return null;
        }
    }

    /// <summary>The query, with the extension's schema and what its version calls the time.</summary>
    private async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        var found = await connection.RowsAsync(
            """
            select format('%I.pg_stat_statements', n.nspname),
                   exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid
                           where c.relnamespace = n.oid and c.relname = 'pg_stat_statements' and a.attname = 'total_exec_time')
            from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'
            """,
            row => (View: row.GetString(0), Time: row.GetBoolean(1) ? "total_exec_time" : "total_time"),
            cancellationToken);
        return found.Count == 0 ? null : $"""
            select queryid::text, min(query), sum(calls)::int8, sum({found[0].Time})::float8
            from {found[0].View}
            where dbid = (select oid from pg_database where datname = current_database()) and queryid is not null and query is not null
            group by queryid order by 4 desc limit {Most}
            """;
    }

    private string? Shown(string id, string query)
    {
        if (!_texts.TryGetValue(id, out var text))
            _texts[id] = text = LibPgQuery.WithoutLiterals(query) is { } safe ? Shortened(Secrets.Redact(safe)) : null;
        return text;
    }

    private static string Shortened(string query)
    {
        var line = string.Join(' ', query.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestShown ? line : $"{line[..(LongestShown - 1)]}…";
    }
}

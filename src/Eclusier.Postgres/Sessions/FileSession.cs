using System.Text.RegularExpressions;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>
/// The session as the statements of a file see it, apart from the session as the tool needs it. A file that is no single transaction sets
/// <c>search_path</c>, a role or a time zone once, and means all of its statements: also those that come after a step back or in another
/// session, and none of the tool's own. So what it has set is asked of the server after each statement, put back before the next, and
/// kept beside the progress that commits with it.
/// </summary>
internal sealed partial class FileSession(NpgsqlConnection connection)
{
    private const string ReadOnly = "transaction_read_only";

    private const string Limit = "statement_timeout";

    private static readonly NpgsqlBatchCommand[] None = [];

    private string _names = "";
    private FileSettings _own = FileSettings.None;

    /// <summary>What the file has set so far.</summary>
    public FileSettings Settings { get; private set; } = FileSettings.None;

    /// <summary>The transaction of the last look cannot write.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>Learns what there is to look at.</summary>
    /// <param name="statements">All of the file.</param>
    /// <param name="settings">What it had set when it was cut off.</param>
    public async Task OpenAsync(IReadOnlyList<Statement> statements, FileSettings settings, CancellationToken cancellationToken)
    {
        await LeaveAsync(cancellationToken);
        var written = statements.SelectMany(statement => CustomSetting().Matches(statement.Sql)).Select(match => match.Groups["name"].Value);
        var called = await connection.RowsAsync(
            """
            select distinct found[1] from pg_catalog.pg_proc p,
              lateral pg_catalog.regexp_matches(p.prosrc, '(?:set_config\s*\(\s*''|\mset\s+(?:session\s+|local\s+)?)([a-z_][\w$]*(?:\.[a-z_][\w$]*)+)', 'gi') found
            where p.pronamespace not in (select oid from pg_catalog.pg_namespace where nspname in ('pg_catalog', 'information_schema'))
            """,
            row => row.GetString(0),
            cancellationToken);
        _names = string.Join(", ", written.Concat(called).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).Select(Literal.Quote));
        _own = new FileSettings((await ReadAsync(cancellationToken)).Values);
        Settings = settings;
    }

    /// <summary>Makes the session what the file has made of it.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!Settings.IsEmpty)
            await SendAsync([.. Leaving(), .. Settings.Commands()], cancellationToken);
    }

    /// <summary>Makes the session the tool's own again.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => SendAsync([.. Leaving()], cancellationToken);

    /// <summary>Roles and settings of the file must touch neither a record nor the next file.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Leaving(NpgsqlConnection connection) =>
        [new("reset session authorization"), new("reset role"), new("reset all"), .. RunSession.Patience(connection.PostgreSqlVersion.Major).Select(setting => new NpgsqlBatchCommand(setting))];

    private IEnumerable<NpgsqlBatchCommand> Leaving() => Leaving(connection);

    /// <summary>Inside a transaction of the file's own: what it has set stands aside for the record, and holds again when it commits.</summary>
    public IEnumerable<NpgsqlBatchCommand> StandingAside() => Settings.IsEmpty ? None :
    [
        .. new[] { FileSettings.User, FileSettings.Role }.Select(name => new NpgsqlBatchCommand("select pg_catalog.set_config($1, $2, true)") { Parameters = { new() { Value = name }, new() { Value = _own.Values[name] } } }),
        .. Settings.Values.Keys.Where(name => name is not (FileSettings.User or FileSettings.Role)).Select(name => new NpgsqlBatchCommand($"set local {string.Join('.', name.Split('.').Select(Identifier.Quote))} to default")),
    ];

    /// <summary>Ends a transaction of the tool's own making with the record of what ran in it, and with the session the tool's own again.</summary>
    public IEnumerable<(NpgsqlBatchCommand Command, Statement? Statement)> Ending(NpgsqlBatchCommand record)
    {
        // One that only reads can hold no record either, and needs none to commit with.
        NpgsqlBatchCommand[] commands = IsReadOnly ? [new("commit"), .. Leaving(), new("begin read write"), record, new("commit")] : [.. Leaving(), record, new("commit")];
        return commands.Select(command => (command, (Statement?)null));
    }

    /// <summary>Asks the server what the file has set.</summary>
    /// <param name="ours">What the tool set for the statement: not the file's, unless it has another value now.</param>
    public async Task LookAsync(IReadOnlyDictionary<string, string> ours, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(cancellationToken);
        Settings = new FileSettings(found.Values
            .Where(value => !(_own.Values.TryGetValue(value.Key, out var own) && own == value.Value) && !(ours.TryGetValue(value.Key, out var set) && set == value.Value))
            .ToDictionary(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Asks something as the file would: its names mean what they mean there.</summary>
    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        try
        {
            return await connection.RowsAsync(sql, read, cancellationToken);
        }
        finally
        {
            if (!Settings.IsEmpty && connection.State == System.Data.ConnectionState.Open)
                await LeaveAsync(CancellationToken.None);
        }
    }

    public async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken) =>
        (await RowsAsync(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), cancellationToken)).FirstOrDefault();

    /// <summary>
    /// Qualified throughout: the file's search path may hide pg_catalog. Settings of a file's own invention (<c>app.tenant</c>) are in no list;
    /// they are asked for by the names that the file, or a function, sets.
    /// </summary>
    private async Task<FileSettings> ReadAsync(CancellationToken cancellationToken)
    {
        // A file may have set so short a limit for its statements that this question would not be answered within it.
        var limit = await connection.ScalarAsync<string>($"select pg_catalog.current_setting('{Limit}')", cancellationToken) ?? "0";
        if (!IsShort(limit))
            return await AskAsync(cancellationToken);
        await connection.ExecuteAsync($"select pg_catalog.set_config('{Limit}', '0', false)", cancellationToken);
        var found = await AskAsync(cancellationToken);
        await connection.ExecuteAsync($"select pg_catalog.set_config('{Limit}', {Literal.Quote(limit)}, false)", cancellationToken);
        return new FileSettings(new Dictionary<string, string>(found.Values, StringComparer.OrdinalIgnoreCase) { [Limit] = limit });
    }

    /// <summary>As the server writes it: <c>0</c> is no limit, and <c>1ms</c> less than a second.</summary>
    private static bool IsShort(string limit) => limit.EndsWith("ms", StringComparison.Ordinal);

    private async Task<FileSettings> AskAsync(CancellationToken cancellationToken)
    {
        var rows = await connection.RowsAsync(
            $"""
            select s.name, s.setting from pg_catalog.pg_settings s where s.source operator(pg_catalog.=) 'session'
            union all select n, pg_catalog.current_setting(n, true) from pg_catalog.unnest(array[{_names}]::pg_catalog.text[]) n
            union all select '{FileSettings.Role}', pg_catalog.current_setting('role')
            union all select '{FileSettings.User}', session_user::pg_catalog.text
            union all select '{ReadOnly}', pg_catalog.current_setting('{ReadOnly}')
            """,
            row => (Name: row.GetString(0), Value: row.IsDBNull(1) ? null : row.GetString(1)),
            cancellationToken);
        IsReadOnly = rows.Any(row => row is { Name: ReadOnly, Value: "on" });
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // Of a transaction, not of the session.
        foreach (var (name, value) in rows.Where(row => row.Value is not null && !row.Name.StartsWith("transaction_", StringComparison.Ordinal)))
            values[name] = value!;
        return new FileSettings(values);
    }

    private async Task SendAsync(IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [GeneratedRegex(@"(?:set_config\s*\(\s*'|\bset\s+(?:session\s+|local\s+)?)(?<name>[a-z_][\w$]*(?:\.[a-z_][\w$]*)+)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex CustomSetting();
}

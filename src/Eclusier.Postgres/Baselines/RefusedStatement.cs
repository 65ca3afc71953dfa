using System.Text.RegularExpressions;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Extensions;
using Npgsql;

namespace Eclusier.Postgres.Baselines;

/// <summary>What a refused statement was about, from its text.</summary>
internal static partial class RefusedStatement
{
    private static readonly HashSet<string> Lacking = new(StringComparer.Ordinal)
    {
        PostgresErrorCodes.UndefinedTable, PostgresErrorCodes.UndefinedColumn, PostgresErrorCodes.UndefinedFunction, PostgresErrorCodes.UndefinedObject, PostgresErrorCodes.InvalidSchemaName,
    };

    public static Unreplayed Of(Step step, Statement statement, PostgresException error)
    {
        var words = WordsIn(statement.Sql).ToHashSet(StringComparer.Ordinal);
        var told = SqlErrors.Describe(error, statement, step.File);
        return new Unreplayed(told.Where ?? step.File, told.Message, Lacking.Contains(error.SqlState), MadeNames.Extension(MadeNames.Tree(statement.Sql))?.Extension, words)
        {
            Anything = words.Contains("execute") && Catalogs().IsMatch(statement.Sql),
        };
    }

    /// <summary>Every name in a migration; of tables that are partitioned, theirs.</summary>
    public static HashSet<string> WordsIn(Step step) =>
        step.Statements.SelectMany(statement => WordsIn(statement.Partition is { } partition ? UnprovenObject.Plain(partition.Table) : statement.Sql)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> WordsIn(string sql) => Word().Matches(sql).Select(match => match.Groups["name"].Value.ToLowerInvariant());

    [GeneratedRegex("""("(?<name>[^"]+)")|(?<name>[\p{L}_][\p{L}\p{N}_$]*)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(pg_\w+|information_schema)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex Catalogs();
}

using Eclusier.Planning;
using Eclusier.Postgres.Connections;

namespace Eclusier.Postgres.Tests.Rollbacks;

/// <summary>
/// Two laws, held against pg_dump for every shape of statement in <c>Shapes/statements.txt</c>: what it shows differently, a snapshot shows differently, and diff names it; and what a
/// plan calls reversible is undone from the catalog to the very dump and rows of before, with owners and rights. Whatever else is said beforehand.
/// </summary>
public sealed class StatementShapeTests(PostgresServer server)
{
    public static TheoryData<string> Groups => [.. Shapes().Select(shape => shape.Group).Distinct()];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task What_is_called_reversible_is_undone_exactly_and_every_change_is_seen(string group)
    {
        var template = await TemplateAsync();
        var failures = new List<string>();
        ShapedDatabase? database = null;
        foreach (var (_, expected, sql) in Shapes().Where(shape => shape.Group == group))
        {
            database ??= await ShapedDatabase.CreateAsync(server, template);
            if (await database.TryAsync(sql, expected) is { } failure)
                failures.Add($"{sql}\n    {failure}");
            if (database.IsAsBefore)
                continue;
            await database.DisposeAsync();
            database = null;
        }

        if (database is not null)
            await database.DisposeAsync();
        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures)}");
    }

    private static IEnumerable<(string Group, Reversible Expected, string Sql)> Shapes()
    {
        var group = "";
        foreach (var line in Text("statements.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                group = line[2..];
            else
                yield return (group, line.Split(" | ", 2)[0] switch { "yes" => Reversible.Yes, "no" => Reversible.No, _ => Reversible.LosesData }, line.Split(" | ", 2)[1]);
        }
    }

    private async Task<string> TemplateAsync()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, Text("database.sql"));
        return PostgresUrl.Describe(url).Split('/')[^1];
    }

    internal static string Text(string name)
    {
        using var reader = new StreamReader(typeof(StatementShapeTests).Assembly.GetManifestResourceStream($"shapes.{name}")!);
        return reader.ReadToEnd();
    }
}

using System.Globalization;
using Eclusier.Baselines;
using Eclusier.Catalog;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Postgres.Sandbox;
using Eclusier.Runbooks;
using Eclusier.Runs;
using Npgsql;

namespace Eclusier.Postgres.Tests.Baselines;

/// <summary>
/// Databases with some migrations of a history and without others, some with one object changed by hand: what is said to be there is there, what is
/// said to be absent is not, and what was changed is found. <c>ECLUSIER_BASELINE_CASES</c> is the number of databases per history (default 4).
/// </summary>
[Collection(BaselineProject.OneAfterTheOther)]
public sealed class BaselineAccuracyTests(PostgresServer server)
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("ECLUSIER_BASELINE_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : 4;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Generated_histories(int seed)
    {
        using var folder = new TemporaryFolder();
        foreach (var (number, sql) in new GeneratedHistory(seed).Write(12).Index())
            await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{number + 1:000}_generated.sql"), sql, TestContext.Current.CancellationToken);

        await JudgeAllAsync(new MigrationSettings { Path = folder.Path, Target = "production" }, "plain", seed);
    }

    [Theory]
    [InlineData("bilan-competence", "migrations", "numbered")]
    [InlineData("sunup", "drizzle", "drizzle")]
    public async Task The_examples(string example, string path, string layout) =>
        await JudgeAllAsync(new MigrationSettings { Path = Path.Combine(Examples.Folder(example), path), Layout = layout, Target = "production" }, "plain", 1);

    /// <summary>With the files that its repository lost, and the consolidated one instead of the three that it stands for.</summary>
    [Fact]
    public async Task The_voice_agents()
    {
        using var folder = new TemporaryFolder();
        var example = Examples.Folder("voice-agents");
        foreach (var file in Directory.GetFiles(Path.Combine(example, "supabase/migrations")).Where(file => !Path.GetFileName(file).StartsWith("2025112009", StringComparison.Ordinal)).Concat(Directory.GetFiles(Path.Combine(example, "data/lost"))))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));

        await JudgeAllAsync(new MigrationSettings { Path = folder.Path, Layout = "supabase", Target = "production", Order = ["20251113091720"] }, "supabase", 1);
    }

    private async Task JudgeAllAsync(MigrationSettings settings, string platform, int seed)
    {
        var tally = new Tally();
        for (var number = 0; number < Cases; number++)
            await JudgeAsync(settings, platform, new Random((seed * 1000) + number), number, tally);
        TestContext.Current.TestOutputHelper!.WriteLine($"{tally}");
        Assert.True(tally.Wrong.Count == 0, $"{tally}\n{string.Join('\n', tally.Wrong)}");
        Assert.True(tally.Right > tally.Undecidable * 4, tally.ToString());
    }

    private async Task JudgeAsync(MigrationSettings settings, string platform, Random random, int number, Tally tally)
    {
        var url = await server.NewDatabaseAsync();
        await StandIn.PrepareAsync(url, new Surroundings(platform, "postgres", [], []), TestContext.Current.CancellationToken);
        var runbook = new Runbook
        {
            Name = "test",
            Directory = settings.Path,
            Environments = new Dictionary<string, TargetEnvironment>(StringComparer.Ordinal) { ["production"] = new("production", url, Protected: true, platform) },
            Migrations = settings,
            Rehearsal = new RehearsalSettings((await server.RehearsalsAsync()).AdminUrl),
        };
        using var runs = new TemporaryFolder();
        var (applied, last) = await BuildAsync(runbook, url, random, number);
        var changed = number % 2 == 1 ? await ByHand.ChangeAsync(url, random) : null;

        // Nobody approves: the verdicts are looked at, nothing is recorded.
        var record = await new BaselineRun(new RunSetup(runbook with { Directory = runs.Path }, runbook.Environments["production"], new PostgresEngine(), new RunOptions(), new TestObserver(), TimeProvider.System)).RunAsync(TestContext.Current.CancellationToken);
        foreach (var verdict in record.Baseline!.Verdicts)
        {
            var isChanged = changed is not null && last.GetValueOrDefault(changed.Key) == verdict.Migration;
            var expected = !applied.Contains(verdict.Migration) ? BaselineVerdict.Absent : isChanged ? BaselineVerdict.Partial : BaselineVerdict.Present;
            tally.Count(expected, verdict, changed, $"case {number} (applied {string.Join(' ', applied)}; by hand {changed})");
        }
    }

    /// <summary>Applies a prefix, or a prefix with holes; what cannot be applied for lack of another is left out.</summary>
    /// <returns>What was applied, and which migration touched each object last.</returns>
    private static async Task<(IReadOnlyList<string> Applied, Dictionary<(string, string), string> Last)> BuildAsync(Runbook runbook, DatabaseUrl url, Random random, int number)
    {
        await using var database = await PostgresDatabase.OpenAsync(url, "test", TestContext.Current.CancellationToken);
        var steps = database.HistoryOf(runbook)!.Migrations(runbook.Environments["production"]);
        var length = random.Next(steps.Count + 1);
        var holes = number % 3 == 2 ? Enumerable.Range(0, 1 + (length / 6)).Select(_ => random.Next(Math.Max(1, length))).ToHashSet() : [];
        var (applied, last, before) = (new List<string>(), new Dictionary<(string, string), string>(), await database.SnapshotAsync(TestContext.Current.CancellationToken));
        foreach (var (place, step) in steps.Take(length).Index())
        {
            if (holes.Contains(place) || !await TryAsync(url, step))
                continue;
            applied.Add(step.Migration);
            var after = await database.SnapshotAsync(TestContext.Current.CancellationToken);
            foreach (var change in CatalogChange.Between(before, after))
                last[change.Object.Key] = step.Migration;
            before = after;
        }

        return (applied, last);
    }

    private static async Task<bool> TryAsync(DatabaseUrl url, Step step)
    {
        await using var connection = await PostgresServer.ConnectAsync(url);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        try
        {
            foreach (var statement in step.Statements)
            {
                await using var command = new NpgsqlCommand(statement.Sql, connection);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private sealed class Tally
    {
        public int Right { get; private set; }

        public int Undecidable { get; private set; }

        public List<string> Wrong { get; } = [];

        /// <param name="changed">Whether the next migration on its trail had been applied before it was changed by hand, nobody can tell.</param>
        public void Count(BaselineVerdict expected, MigrationVerdict found, CatalogObject? changed, string context)
        {
            var namesIt = found.Findings.Any(each => (each.Kind, each.Name) == changed?.Key && each.Finding is Presence.Different or Presence.NoTrace);
            if (found.Verdict == expected)
                Right++;
            else if (found.Verdict == BaselineVerdict.Undecidable || namesIt)
                Undecidable++;
            else
                Wrong.Add($"{found.Migration} is {expected} and was judged {found.Verdict} ({found.Reason.En}; {string.Join(", ", found.Findings.Where(each => each.Finding != Presence.Same).Select(each => $"{each.Finding} {each}"))}) in {context}");
        }

        public override string ToString() => $"{Right} right, {Undecidable} undecidable, {Wrong.Count} wrong";
    }
}

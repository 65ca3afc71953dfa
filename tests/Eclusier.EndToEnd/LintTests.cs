using System.Text.Json;

namespace Eclusier.EndToEnd;

/// <summary><c>lint</c>: no runbook and no database are needed.</summary>
public sealed class LintTests : IDisposable
{
    private static readonly Dictionary<string, string?> English = new(StringComparer.Ordinal) { ["LANG"] = "C.UTF-8" };

    private readonly TemporaryFolder _folder = new();

    public LintTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sql"));
        Write("001_first.sql", "create table t (id bigint primary key);\n\n  create index on orders (customer_id);\n");
        Write("001_first_rollback.sql", "drop table t;\n");
        Write("002_allowed.sql", "-- eclusier: allow drop-table -- moved to the archive last month\ndrop table old_orders;\n");
        Write("003_needless.sql", "select 1;\n-- eclusier: allow truncate -- there is none\n");
    }

    /// <summary>A name, a file's name and a comment may hold what a terminal obeys, and a line break that begins a command of GitHub's.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("github")]
    [InlineData("sarif")]
    [InlineData("json")]
    public async Task What_a_terminal_would_obey_is_shown_and_not_sent(string format)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "evil")).FullName;
        File.WriteAllText(Path.Combine(folder, "001_a.sql"), "drop table \"\e[31mx\e]0;owned\a\u009b2J\u202e\u200b\n::error::owned\n\";\n");
        File.WriteAllText(Path.Combine(folder, "002_\e[31mred\e]0;title\a.sql"), "drop table z; -- \e[8m hidden \e[0m\n");
        File.WriteAllText(Path.Combine(folder, "003_c.sql"), "drop tabel \"\e[31mx\";\n");

        var result = await LintAsync("evil", "--format", format);
        var none = await LintAsync("evil/\e[31mnone.sql", "--format", format);

        Assert.Equal((6, 2), (result.ExitCode, none.ExitCode));
        Assert.Contains("drop-table", result.Output, StringComparison.Ordinal);
        Assert.All(new[] { result, none }, told => Assert.DoesNotMatch(@"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b]", told.Output + told.Error));
        Assert.DoesNotContain("\n::error::owned", result.Output, StringComparison.Ordinal);
        if (format is "json" or "sarif")
            JsonDocument.Parse(result.Output).Dispose();
    }

    [Fact]
    public async Task Text_shows_the_line_a_caret_and_the_safe_statement()
    {
        var result = await LintAsync("sql");

        Assert.Equal(6, result.ExitCode);
        Assert.Equal(
            """
            sql/001_first.sql:3:3: medium create-index
              3 |   create index on orders (customer_id);
                |   ^
              blocks writes to orders while the index is built; CREATE INDEX CONCURRENTLY does not
                create index concurrently on orders (customer_id);
                -- in a migration of its own: it cannot run in a transaction

            sql/003_needless.sql:2:1: low needless-allow
              2 | -- eclusier: allow truncate -- there is none
                | ^
              truncate is allowed here, and nothing in the file has it
                -- remove the comment

            3 files, 2 hazards: 0 high, 1 medium, 1 low (the worst case: no database was looked at)

            """, result.Output);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("low", 6)]
    [InlineData("medium", 0)]
    public async Task The_exit_code_is_for_hazards_above_the_risk_allowed(string risk, int exitCode) =>
        Assert.Equal(exitCode, (await LintAsync("sql", "--max-risk", risk)).ExitCode);

    [Fact]
    public async Task Json_has_one_entry_a_file_and_what_a_tool_needs_of_each_hazard()
    {
        var result = await LintAsync("sql", "--format", "json");

        using var document = JsonDocument.Parse(result.Output);
        var files = document.RootElement.GetProperty("files");
        Assert.Equal(["sql/001_first.sql", "sql/002_allowed.sql", "sql/003_needless.sql"], files.EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        var hazard = files[0].GetProperty("hazards")[0];
        Assert.Equal("create-index", hazard.GetProperty("rule").GetString());
        Assert.Equal("medium", hazard.GetProperty("severity").GetString());
        Assert.Equal(3, hazard.GetProperty("line").GetInt32());
        Assert.Equal(3, hazard.GetProperty("column").GetInt32());
        Assert.StartsWith("create index concurrently", hazard.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, files[1].GetProperty("hazards").GetArrayLength());
    }

    [Fact]
    public async Task A_hazard_of_an_included_file_is_shown_there()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sql", "parts"));
        Write("parts/indexes.inc", "\n create index on visits (person);\n");
        Write("004_parts.sql", "select 1;\n\\ir parts/indexes.inc\n");

        var result = await LintAsync("sql/004_parts.sql");

        Assert.Contains("sql/parts/indexes.inc:2:2: medium create-index\n  2 |  create index on visits (person);\n    |  ^\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sarif_and_github_name_file_line_and_rule()
    {
        using var sarif = JsonDocument.Parse((await LintAsync("sql", "--format", "sarif")).Output);
        var run = sarif.RootElement.GetProperty("runs")[0];
        Assert.Equal("create-index", run.GetProperty("results")[0].GetProperty("ruleId").GetString());
        Assert.Equal("warning", run.GetProperty("results")[0].GetProperty("level").GetString());
        Assert.True(run.GetProperty("tool").GetProperty("driver").GetProperty("rules").GetArrayLength() > 50);

        var annotations = (await LintAsync("sql", "--format", "github")).Output;
        Assert.StartsWith("::warning file=sql/001_first.sql,line=3,col=3,title=create-index::blocks writes", annotations, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_makes_no_plan_is_a_hazard_at_its_place_and_the_others_are_looked_at()
    {
        Write("004_open.sql", "select 1;\nselect 'open\n");

        var result = await LintAsync("sql", "--format", "github");

        Assert.Equal(6, result.ExitCode);
        Assert.Contains("::error file=sql/004_open.sql,line=2", result.Output, StringComparison.Ordinal);
        Assert.Contains("create-index", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_files_it_takes_those_of_the_runbook_whatever_else_the_runbook_lacks()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "eclusier.yaml"), "environments: { production: { url: \"${NOT_SET}\" } }\nmigrations: { path: sql }\n");

        var result = await LintAsync("--lang", "fr");

        Assert.Equal(6, result.ExitCode);
        Assert.Contains("sql/001_first.sql:3:3: moyen create-index", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_are_listed()
    {
        var result = await LintAsync("--rules");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("create-index ", result.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await LintAsync("--rules", "--format", "json")).Output);
        Assert.Contains(json.RootElement.EnumerateArray(), rule => rule.GetProperty("rule").GetString() == "create-index" && rule.GetProperty("lock").GetString() == "SHARE");
    }

    [Fact]
    public async Task Nothing_to_look_at_is_wrong_usage()
    {
        Assert.Equal(2, (await LintAsync()).ExitCode);
        Assert.Equal(2, (await LintAsync("nowhere")).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string sql) => File.WriteAllText(Path.Combine(_folder.Path, "sql", name), sql);

    private Task<CliResult> LintAsync(params string[] arguments) => Cli.RunAsync(["lint", .. arguments], _folder.Path, English);
}

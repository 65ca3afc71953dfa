using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Linting;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>Files in the language of another tool: their way down never runs.</summary>
[Trait("Needs", "no server")]
public sealed class ForeignMarkersTests
{
    [Theory]
    [InlineData("goose", "-- +goose Up\ncreate table t (id int);\n-- +goose Down\ndrop table t;\n", 1)]
    [InlineData("goose", "-- +goose NO TRANSACTION\n-- +goose up\ncreate index concurrently i on t (id);\n", 1)]
    [InlineData("sql-migrate", "-- A table.\n-- +migrate Up\ncreate table t (id int);\n-- +migrate Down\ndrop table t;\n", 2)]
    [InlineData("dbmate", "--migrate:up\ncreate table t (id int);\n-- migrate:down\ndrop table t;\n", 1)]
    [InlineData("node-pg-migrate", "-- Up Migration\ncreate table t (id int);\n\n-- Down Migration\ndrop table t;\n", 4)]
    [InlineData("node-pg-migrate", "create table t (id int)\n;\n---- down migration ----\r\ndrop table t;\r\n", 3)]
    [InlineData("Liquibase", "--liquibase formatted sql\n--changeset me:1\ncreate table t (id int);\n--rollback drop table t;\n", 1)]
    [InlineData("Liquibase", "-- changeset me:1 endDelimiter:/\ncreate table t (id int);\n", 1)]
    [InlineData("MyBatis Migrations", "-- // first\ncreate table t (id int);\n\n-- //@UNDO\ndrop table t;\n", 4)]
    [InlineData("MyBatis Migrations", "create table t (id int);\n--//@UNDO\ndrop table t;\n", 2)]
    [InlineData("tern", "create table t (id int);\n---- create above / drop below ----\ndrop table t;\n", 2)]
    [InlineData("rambler", "-- rambler up\ncreate table t (id int);\n-- rambler down\ndrop table t;\n", 1)]
    [InlineData("Play evolutions", "-- !Ups\ncreate table t (id int);\n-- !Downs\ndrop table t;\n", 1)]
    [InlineData("Play evolutions", "# --- !Ups\ncreate table t (id int);\n# --- !Downs\ndrop table t;\n", 1)]
    [InlineData("Sqitch", "-- Deploy shop:users to pg\nbegin;\ncreate table t (id int);\ncommit;\n", 1)]
    [InlineData("Sqitch", "-- Revert shop:users from pg\nbegin;\ndrop table t;\ncommit;\n", 1)]
    [InlineData("another tool", "-- +micrate Up\ncreate table t (id int);\n-- +micrate Down\ndrop table t;\n", 1)]
    [InlineData("another tool", "-- Up\ncreate table t (id int);\n\n-- Down\ndrop table t;\n", 4)]
    [InlineData("another tool", "create table t (id int);\n-- @DOWN\ndrop table t;\n", 2)]
    [InlineData("another tool", "create table t (id int);\n--- [down] ---\ndrop table t;\n", 2)]
    [InlineData("node-pg-migrate", "copy t from stdin;\nit's\n\\.\n-- Down Migration\ndrop table t;\n", 4)]
    public void They_are_refused_by_name_and_line(string tool, string text, int line)
    {
        using var folder = new MigrationFolder().With("001_t.sql", text);

        var error = Assert.ThrowsAny<EclusierException>(() => new NumberedLayout().Read(folder.Path, folder.Path));
        var found = LayoutDetection.Find(folder.Path);
        var linted = Assert.Single(Assert.Single(Linter.LintAll([Path.Combine(folder.Path, "001_t.sql")], folder.Path, "numbered")).Hazards);

        Assert.Equal(($"001_t.sql:{line}:1", typeof(InvalidInputException)), (error.Where, error.GetType()));
        Assert.Contains($"belongs to {tool}", error.Problem.En, StringComparison.Ordinal);
        Assert.Equal((Linter.Invalid, line), (linted.Rule, linted.Line));
        if (tool == "dbmate")
            Assert.Equal("dbmate", Assert.Single(found).Layout);
        else
            Assert.Contains(tool, Assert.ThrowsAny<EclusierException>(() => LayoutDetection.RefuseForeign(folder.Path, Assert.Single(found))).Problem.En,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table t (id int);\n-- eclusier: rollback\n-- Down Migration\ndrop table t;\n")]
    [InlineData("-- +goose Up\ncreate table t (id int);\n-- eclusier: rollback\n-- +goose Down\ndrop table t;\n")]
    [InlineData("-- Up Migration\ncreate table t (id int);\n")]
    [InlineData("-- Down Migration\n-- drop table t;\n")]
    [InlineData("insert into notes values ('\n-- +goose Down\n');\n")]
    [InlineData("do $$ begin\n-- Down\nperform 1; end $$;\n")]
    [InlineData("-- goes up and down\nselect 1;\n-- down the road: drop it\nselect 2;\n")]
    [InlineData("-- migrates the changeset of May, see deploy notes\nselect 1;\n")]
    public void What_runs_as_it_should_is_not(string text)
    {
        using var folder = new MigrationFolder().With("001_t.sql", text);

        Assert.Single(new NumberedLayout().Read(folder.Path, folder.Path));
    }

    [Fact]
    public void They_are_refused_in_included_files_too()
    {
        const string Goose = "-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n";
        using var folder = new MigrationFolder().With("001_t.sql", "\\i goose.txt\n").With("goose.txt", Goose);

        Assert.Equal("goose.txt:1:1", Assert.ThrowsAny<EclusierException>(() => new NumberedLayout().Read(folder.Path, folder.Path)).Where);
    }

    [Theory]
    [InlineData("migrate:down\ndrop table t;\n-- migrate:up\ncreate table t (id int);\n-- migrate:up\nselect 1;", "more than one")]
    [InlineData("an answer\nselect 1;\n-- migrate:up\nselect 2;", "above -- migrate:up")]
    [InlineData("migrate:up\n-- +goose Down\ndrop table t;\n", "goose")]
    public void Dbmates_own_sections_must_fit_together(string text, string problem)
    {
        using var folder = new MigrationFolder().With("1_t.sql", $"-- {text}");

        Assert.Contains(problem, Assert.ThrowsAny<EclusierException>(() => new DbmateLayout().Read(folder.Path, folder.Path)).Problem.En,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Dbmates_parts_include_files_and_keep_their_lines()
    {
        using var folder = new MigrationFolder()
            .With("1_t.sql", "-- migrate:up transaction:false\n\\i more.txt\nselect 1;\n-- migrate:down\n-- Down, that is.\nselect 3;\n")
                .With("more.txt", "select 0;");

        var file = Assert.Single(new DbmateLayout().Read(folder.Path, folder.Path));

        Assert.True(file.NoTransaction);
        Assert.Equal([("select 0", 1), ("select 1", 3)], ScriptSplitter.Split(file.Script).Select(statement => (statement.Sql, statement.Line)));
        Assert.Equal([("select 3", 6)], ScriptSplitter.Split(file.Down!).Select(statement => (statement.Sql, statement.Line)));
    }

    [Fact]
    public void Folders_of_other_tools_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        void Write(string name, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, name))!);
            File.WriteAllText(Path.Combine(folder.Path, name), text);
        }

        Write("sqitch/deploy/001_users.sql", "create table users (id int);");
        Write("sqitch/revert/001_users.sql", "drop table users;");
        Write("sqitch/verify/001_users.sql", "select id from users;");
        Write("diesel/2024-01-01-000000_users/up.sql", "create table users (id int);");
        Write("diesel/2024-01-01-000000_users/down.sql", "drop table users;");
        Write("grate/up/001_users.sql", "create table users (id int);");
        Write("grate/down/001_users.sql", "drop table users;");

        string Refused(string name) =>
            Assert.ThrowsAny<EclusierException>(() => new NumberedLayout().Read(Path.Combine(folder.Path, name), folder.Path)).Problem.En;
        Assert.Contains("Sqitch", Refused("sqitch/deploy"), StringComparison.Ordinal);
        Assert.Contains("Sqitch", Refused("sqitch/revert"), StringComparison.Ordinal);
        Assert.Contains("Sqitch", Refused("sqitch"), StringComparison.Ordinal);
        Assert.Contains("Diesel", Refused("diesel"), StringComparison.Ordinal);
        Assert.Contains(LayoutDetection.Foreign(folder.Path), found => found.StartsWith("Diesel", StringComparison.Ordinal));
        // What undoes something is no hazard of what it undoes.
        Assert.DoesNotContain(Linter.LintAll(Linter.Find([folder.Path]), folder.Path), file => file.Hazards.Any(hazard => hazard.Rule == "drop-table"));
    }

    [Fact]
    public void Lint_leaves_the_way_down_out_with_and_without_the_name_of_the_layout()
    {
        using var folder = new MigrationFolder()
            .With("1_a.sql", "-- migrate:up\nalter table orders drop column total\n\n-- migrate:down\ndrop table orders;\n")
            .With("2_b.sql", "drop index orders_total;\n-- eclusier: rollback\ndrop table orders;\n")
            .With("3_c.up.sql", "drop view totals;\n").With("3_c.down.sql", "drop table orders;\n").With("U4__d.sql", "drop table orders;\n");

        var paths = Linter.Find([folder.Path]);
        var alone = Linter.LintAll(paths, folder.Path);
        var named = Linter.LintAll([.. paths.Take(1)], folder.Path, "dbmate");

        Assert.Equal([("1_a.sql", "drop-column", 2), ("2_b.sql", "drop-index", 1), ("3_c.up.sql", "drop-view", 1)],
            alone.SelectMany(file => file.Hazards.Select(hazard => (Path.GetFileName(file.Path), hazard.Rule, hazard.Line))));
        Assert.Equal(["drop-column"], Assert.Single(named).Hazards.Select(hazard => hazard.Rule));
    }
}

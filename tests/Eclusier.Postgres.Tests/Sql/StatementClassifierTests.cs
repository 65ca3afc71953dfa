using Eclusier.Postgres.Sql;
using Eclusier.Redaction;

namespace Eclusier.Postgres.Tests.Sql;

[Trait("Needs", "no server")]
public sealed class StatementClassifierTests
{
    /// <summary>Supabase's own name for it.</summary>
    [Theory]
    [InlineData("select set_config('app.settings.service_role_key', 'Zservicerolekey1', false)")]
    [InlineData("alter database postgres set app.settings.anon_key = 'Zservicerolekey1'")]
    public void A_setting_that_is_a_key_is_a_secret(string sql)
    {
        _ = Classify(sql);

        Assert.Equal("key ***", Secrets.Redact("key Zservicerolekey1"));
    }

    [Theory]
    [InlineData("create table t (id int)", "create-table")]
    [InlineData("create table t as select 1", "create-table")]
    [InlineData("select 1 into t", "create-table")]
    [InlineData("alter table t add x int", "alter-table-add-column")]
    [InlineData("alter table t add x int, drop y", "alter-table")]
    [InlineData("alter index i set (fillfactor = 70)", "alter-index")]
    [InlineData("alter table t rename to u", "rename-table")]
    [InlineData("alter table t rename x to y", "rename-column")]
    [InlineData("alter table t owner to x", "alter-table")]
    [InlineData("alter function f() owner to x", "alter-function")]
    [InlineData("alter table t set schema s", "alter-table")]
    [InlineData("create index on t (x)", "create-index")]
    [InlineData("drop table t", "drop-table")]
    [InlineData("drop materialized view t", "drop-materialized-view")]
    [InlineData("drop function f(int)", "drop-function")]
    [InlineData("drop trigger x on t", "drop-trigger")]
    [InlineData("drop policy x on t", "drop-policy")]
    [InlineData("insert into t values (1)", "insert")]
    [InlineData("update t set x = 1", "update")]
    [InlineData("delete from t", "delete")]
    [InlineData("merge into t using u on true when matched then delete", "merge")]
    [InlineData("truncate t", "truncate")]
    [InlineData("select 1", "select")]
    [InlineData("values (1)", "select")]
    [InlineData("create function f() returns int language sql as 'select 1'", "create-function")]
    [InlineData("create procedure p() language sql as 'select 1'", "create-procedure")]
    [InlineData("create aggregate a(int) (sfunc = f, stype = int)", "create-aggregate")]
    [InlineData("create trigger x after insert on t for each row execute function f()", "create-trigger")]
    [InlineData("create policy p on t", "create-policy")]
    [InlineData("do $$ begin end $$", "do")]
    [InlineData("call p()", "call")]
    [InlineData("set search_path to x", "set")]
    [InlineData("reset all", "reset")]
    [InlineData("grant select on t to x", "grant")]
    [InlineData("revoke select on t from x", "revoke")]
    [InlineData("grant a to b", "grant")]
    [InlineData("comment on table t is 'x'", "comment")]
    [InlineData("create view v as select 1", "create-view")]
    [InlineData("create materialized view v as select 1", "create-materialized-view")]
    [InlineData("create type e as enum ('a')", "create-type")]
    [InlineData("create type c as (a int)", "create-type")]
    [InlineData("create domain d as int", "create-domain")]
    [InlineData("alter type e add value 'x'", "alter-type-add-value")]
    [InlineData("alter type e rename value 'x' to 'y'", "alter-type-rename-value")]
    [InlineData("create sequence s", "create-sequence")]
    [InlineData("create schema s", "create-schema")]
    [InlineData("create extension pgcrypto", "create-extension")]
    [InlineData("create role r", "create-role")]
    [InlineData("analyze t", "analyze")]
    [InlineData("savepoint x", "savepoint")]
    [InlineData("copy t to '/tmp/x'", "copy")]
    [InlineData("refresh materialized view concurrently m", "refresh-materialized-view")]
    [InlineData("reindex table t", "reindex")]
    [InlineData("cluster t using i", "cluster")]
    [InlineData("lock table t", "lock")]
    [InlineData("alter database d set work_mem = 1", "alter-database")]
    [InlineData("create subscription s connection 'x' publication p with (create_slot = false)", "create-subscription")]
    [InlineData("create subscription s connection 'x' publication p with (connect = false)", "create-subscription")]
    [InlineData("alter subscription s disable", "alter-subscription")]
    [InlineData("alter subscription s set publication p with (refresh = false)", "alter-subscription")]
    [InlineData("reindex (concurrently false) table t", "reindex")]
    [InlineData("alter table t detach partition p", "alter-table")]
    [InlineData("this is no SQL", "unclassified")]
    public void What_runs_in_a_transaction(string sql, string kind) => Assert.Equal((kind, true), Classify(sql));

    [Theory]
    [InlineData("create index concurrently i on t (x)", "create-index-concurrently")]
    [InlineData("drop index concurrently if exists i", "drop-index-concurrently")]
    [InlineData("reindex index concurrently i", "reindex-concurrently")]
    [InlineData("reindex (verbose, concurrently) table t", "reindex-concurrently")]
    [InlineData("reindex database d", "reindex")]
    [InlineData("reindex system d", "reindex")]
    [InlineData("reindex schema s", "reindex")]
    [InlineData("vacuum", "vacuum")]
    [InlineData("vacuum full t", "vacuum")]
    [InlineData("create database d", "create-database")]
    [InlineData("drop database d", "drop-database")]
    [InlineData("create tablespace s location '/x'", "create-tablespace")]
    [InlineData("drop tablespace s", "drop-tablespace")]
    [InlineData("alter system set work_mem = 1", "alter-system")]
    [InlineData("alter table t detach partition p concurrently", "alter-table")]
    [InlineData("cluster", "cluster")]
    [InlineData("create subscription s connection 'x' publication p", "create-subscription")]
    [InlineData("alter subscription s refresh publication", "alter-subscription")]
    [InlineData("alter subscription s add publication p", "alter-subscription")]
    [InlineData("drop subscription s", "drop-subscription")]
    [InlineData("alter database d set tablespace s", "alter-database")]
    [InlineData("discard all", "discard")]
    [InlineData("begin", "begin")]
    [InlineData("start transaction", "begin")]
    [InlineData("end", "commit")]
    public void What_the_server_refuses_in_a_transaction(string sql, string kind) => Assert.Equal((kind, false), Classify(sql));

    /// <summary>A function of somebody's own may take any lock.</summary>
    [Theory]
    [InlineData("select alt()", true)]
    [InlineData("insert into seen select app.alt()::text", true)]
    [InlineData("create table t as select alt() as done", true)]
    [InlineData("select count(*), now(), pg_catalog.lower('A') from t", false)]
    [InlineData("insert into seen select id from t", false)]
    public void What_calls_a_function_may_block_writes(string sql, bool blocks) =>
        Assert.Equal(blocks, Assert.Single(MigrationScript.Read(sql, "m.sql").Statements).Statement.MayBlockWrites);

    [Fact]
    public void A_file_wrapped_in_one_transaction_is_unwrapped()
    {
        var script = MigrationScript.Read("-- head\nBEGIN;\ncreate table t (id int);\nselect 1;\nCOMMIT;\n", "m.sql");

        Assert.Equal([("create-table", 3), ("select", 4)], script.Statements.Select(node => (node.Kind, node.Statement.Line)));
    }

    [Theory]
    [InlineData("begin; savepoint x; select 1; rollback to x; commit;", true, "savepoint,select,rollback-to")]
    [InlineData("select 1;\ncommit;", true, "select")]
    [InlineData("begin; select 1; commit;\nbegin; select 2; commit;", false, "begin,select,commit,begin,select,commit")]
    [InlineData("begin; select 1; rollback;", false, "begin,select,rollback")]
    [InlineData("start transaction isolation level serializable; select 1; end;", false, "begin,select,commit")]
    [InlineData("begin; select 1; commit and chain; select 2; commit;", false, "begin,select,commit,select,commit")]
    [InlineData("-- eclusier: no-transaction\nbegin; select 1; commit;", false, "begin,select,commit")]
    [InlineData("do $$ begin perform 1; commit; end $$;", false, "do")]
    [InlineData("do $$ begin perform 'commit'; end $$;", true, "do")]
    [InlineData("create procedure p() language plpgsql as 'begin commit; end';\ncall p();", false, "create-procedure,call")]
    [InlineData("call p();", true, "call")]
    public void A_script_s_own_transactions_are_kept(string sql, bool transactional, string kinds)
    {
        var script = MigrationScript.Read(sql, "m.sql");

        Assert.Equal((transactional, kinds), (script.Transactional, string.Join(',', script.Statements.Select(node => node.Kind))));
    }

    [Theory]
    [InlineData("begin; select 1;", "m.sql:1:1")]
    [InlineData("select 1;\nrollback;", "m.sql:2:1")]
    [InlineData("select 1;\nbegin; create index concurrently i on t (id); commit;", "m.sql:2:8")]
    [InlineData("begin; select 1; commit;\nsavepoint x;", "m.sql:2:1")]
    [InlineData("begin; select 1; commit;\n-- eclusier: batch table=t key=id size=10\nbegin; update t set a = 1; commit;", "m.sql:3:8")]
    public void What_could_mean_several_things_is_an_error(string sql, string where)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => MigrationScript.Read(sql, "m.sql"));

        Assert.Equal((where, typeof(InvalidInputException)), (error.Where, error.GetType()));
    }

    [Theory]
    [InlineData("select 1;\ninsert into t values ($1);", "m.sql:2:1")]
    [InlineData("copy t to stdout", "m.sql:1:1")]
    [InlineData("listen news", "m.sql:1:1")]
    [InlineData("discard all", "m.sql:1:1")]
    [InlineData("begin; select 1; prepare transaction 'x'", "m.sql:1:18")]
    [InlineData("rollback prepared 'x'", "m.sql:1:1")]
    [InlineData("set client_encoding = 'LATIN1'", "m.sql:1:1")]
    public void What_has_no_place_in_a_migration_is_an_error_of_the_file(string sql, string where)
    {
        var script = MigrationScript.Read(sql, "m.sql");

        var error = Assert.ThrowsAny<EclusierException>(() => UnsuitableStatement.Refuse(script.Statements.Select(node => node.Statement), "m.sql"));

        Assert.Equal((where, typeof(InvalidInputException)), (error.Where, error.GetType()));
    }

    [Theory]
    [InlineData("prepare p as insert into t values ($1)")]
    [InlineData("create function f(int) returns int begin atomic select $1; end")]
    [InlineData("copy t to '/tmp/x'")]
    [InlineData("set client_encoding = 'UTF-8'")]
    [InlineData("unlisten *")]
    [InlineData("discard temp")]
    public void What_looks_like_it_may_stay(string sql) => Assert.Null(Assert.Single(MigrationScript.Read(sql, "m.sql").Statements).Statement.Unsuitable);

    [Fact]
    public void Directives_are_read_from_comments_only()
    {
        var script = MigrationScript.Read(
            "-- eclusier: no-transaction\n--eclusier: allow drop-table -- a test table\nselect '-- eclusier: nonsense';\n-- eclusier: rollback\ndrop table t;", "m.sql");

        Assert.Single(script.Statements);
        Assert.False(script.Transactional);
        Assert.Equal("a test table", script.Directives.Allow["drop-table"]);
    }

    [Theory]
    [InlineData("select 1;\n-- eclusier: no-transactions", "m.sql:2:1", "no-transactions")]
    [InlineData("-- eclusier: allow drop-table\nselect 1;", "m.sql:1:1", "without a reason")]
    public void A_wrong_directive_is_an_error_with_its_line(string sql, string where, string problem)
    {
        var error = Assert.ThrowsAny<EclusierException>(() => MigrationScript.Read(sql, "m.sql"));

        Assert.Equal(where, error.Where);
        Assert.Contains(problem, error.Problem.En);
    }

    /// <summary>As Debian's library of grammar 18 answers for some PL/pgSQL bodies.</summary>
    [Fact]
    public void An_answer_of_the_parser_s_that_is_no_json_is_a_text_that_is_not_understood()
    {
        Assert.Null(new ParseOutcome("""[{"PLpgSQL_function":{}}}]"""u8.ToArray(), Error: null).Root());
        Assert.NotNull(new ParseOutcome("""[{"PLpgSQL_function":{}}]"""u8.ToArray(), Error: null).Root());
    }

    private static (string Kind, bool Transactional) Classify(string sql)
    {
        var statement = Assert.Single(StatementClassifier.Classify(ScriptSplitter.Split(sql))).Statement;
        return (statement.Kind, statement.Transactional);
    }
}

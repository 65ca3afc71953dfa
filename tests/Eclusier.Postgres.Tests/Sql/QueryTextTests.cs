using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Sql;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("select 1")]
    [InlineData("select 1;")]
    [InlineData("-- a remark\nselect count(*) from t; -- and another")]
    [InlineData("with a as (select 1), b as (table a) select * from b")]
    [InlineData("(select 1) union all (values (2))")]
    [InlineData("table t")]
    [InlineData("values (1)")]
    [InlineData("show server_version")]
    [InlineData("select '$1', $$insert into t$$, \"into\" from t")]
    // In the words of a newer server than the parser's: that one decides.
    [InlineData("select * from json_table('[]', '$[*]' columns (a int path '$')) j")]
    public void A_query_is_one(string sql) => Assert.Null(QueryText.Problem(sql));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n -- nothing\n ;", "empty")]
    [InlineData("copy (select 1) to program 'touch /tmp/x'", "COPY")]
    [InlineData("copy t to '/tmp/x'", "COPY")]
    [InlineData("copy t from stdin", "COPY")]
    [InlineData("prepare transaction 'x'", "PREPARE")]
    [InlineData("select $1::int", "$1")]
    [InlineData("select 1 where 2 = $2", "$1")]
    [InlineData("select 1; drop table t", "2 statements")]
    [InlineData("commit; drop table t", "2 statements")]
    [InlineData("delete from t returning 1", "DELETE")]
    [InlineData("with gone as (delete from t returning *) select count(*) from gone", "DELETE")]
    [InlineData("select * from (with a as (update t set x = 1 returning *) select * from a) b", "")]
    [InlineData("select 1 into u", "INTO")]
    [InlineData("select 1 into temp u union select 2", "INTO")]
    [InlineData("select * from t for update", "locks")]
    [InlineData("select * from (select * from t for no key update) a", "locks")]
    [InlineData("explain analyze delete from t", "EXPLAIN")]
    [InlineData("call p()", "CALL")]
    [InlineData("do $$ begin end $$", "DO")]
    [InlineData("set transaction read write", "SET")]
    [InlineData("begin read write", "BEGIN")]
    [InlineData("listen x", "LISTEN")]
    [InlineData("declare c cursor with hold for select 1", "")]
    [InlineData("execute prepared", "EXECUTE")]
    [InlineData("create table u as select 1", "CREATE TABLE")]
    [InlineData("lock t", "LOCK")]
    [InlineData("vacuum t", "VACUUM")]
    [InlineData("selct 1", "cannot be read")]
    [InlineData("select 'never ends", "cannot be read")]
    [InlineData("select 1 frm t; copy", "cannot be read")]
    public void What_is_none_is_refused_with_the_reason(string sql, string reason) => Assert.Contains(reason, QueryText.Problem(sql)?.En ?? "taken for a query", StringComparison.Ordinal);
}

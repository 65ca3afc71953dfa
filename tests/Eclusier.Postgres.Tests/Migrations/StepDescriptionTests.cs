using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Tests.Migrations;

[Trait("Needs", "no server")]
public sealed class StepDescriptionTests
{
    [Theory]
    [InlineData("create table a (x int); create table s.b (x int); create index on a (x)", "creates table a, table s.b, 1 index", "crée la table a, la table s.b, 1 index")]
    [InlineData("create table a (); create table b (); create table c ()", "creates 3 tables", "crée 3 tables")]
    [InlineData("create function f() returns int language sql as 'select 1'; create type t as enum ('a')", "creates type t, function f", "crée le type t, la fonction f")]
    [InlineData("create materialized view m as select 1; create or replace view v as select 1", "creates view v, materialized view m", "crée la vue v, la vue matérialisée m")]
    [InlineData("alter table a add x int, add y int; alter table b add z int", "adds x, y to a, z to b", "ajoute x, y à a, z à b")]
    [InlineData("alter table a add x int; alter table a add y int, add z int; create index i on a (x)", "creates 1 index; adds 3 columns to a", "crée 1 index ; ajoute 3 colonnes à a")]
    [InlineData("alter table a drop x; insert into a values (1); set x.y = 1", "1 table change, 1 insertion, 1 other statement", "1 modification de table, 1 insertion, 1 autre instruction")]
    public void It_names_what_is_few_and_counts_the_rest(string script, string english, string french) =>
        Assert.Equal(new Text(english, french), StepDescription.Of(MigrationScript.Read(script, "m.sql").Statements));
}

create schema if not exists app authorization current_user
%%
create table t (id bigint generated always as identity primary key, name text not null default 'a;b', at timestamptz default now())
%%
create table t (a int, b int, c numeric(10, 2) check (c > 0), constraint u unique (a, b), foreign key (a) references p (id) on delete cascade deferrable initially deferred)
%%
create table t (like other including all excluding indexes)
%%
create table t partition of p for values from ('2026-01-01') to (maxvalue) partition by list (k)
%%
create table t partition of p default
%%
create table t (a int) partition by range (a, (lower(b)) collate "C" text_pattern_ops)
%%
create table t (x int, exclude using gist (room with =, during with &&) where (not cancelled))
%%
create unlogged table t (a int) with (fillfactor = 70, autovacuum_enabled = false) tablespace fast
%%
create temp table t on commit drop as select 1 as a, 'x;y' as b
%%
create table t as table other with no data
%%
create table t of person_type (primary key (name))
%%
create foreign table f (a int options (column_name 'A;a')) server s options (schema_name 'x', table_name 'y;z')
%%
alter table only t add column if not exists a int not null default 1, drop column if exists b cascade, alter column c type text using c::text
%%
alter table t add constraint c check (a > 0) not valid, validate constraint c, drop constraint if exists d
%%
alter table t alter a set statistics 500, alter a set (n_distinct = -0.5), alter a set storage external, alter a set compression lz4
%%
alter table t enable row level security, force row level security, replica identity using index i
%%
alter table t attach partition q for values with (modulus 4, remainder 1)
%%
alter table t detach partition q concurrently
%%
alter table t disable trigger all, enable replica trigger g, enable always rule r
%%
alter table t rename column a to b
%%
alter table if exists t set schema s
%%
alter table all in tablespace a owned by r set tablespace b nowait
%%
alter index i attach partition j
%%
alter index i alter column 1 set statistics 100
%%
alter sequence s increment 2 minvalue 1 maxvalue 100 start 5 restart with 7 cache 10 no cycle owned by t.a
%%
alter view v alter column a set default 'x;', alter b drop default
%%
alter materialized view m set (autovacuum_enabled = on)
%%
alter type e add value if not exists 'new;value' before 'old'
%%
alter type e rename value 'a' to 'b'
%%
alter type c add attribute a int cascade, drop attribute if exists b, alter attribute d type text
%%
alter domain d add constraint c check (value <> ';') not valid
%%
alter function f(int, out text) stable strict security definer parallel safe cost 10 rows 100 set search_path = a, b
%%
alter role r with login nosuperuser connection limit 5 valid until '2030-01-01' in role x
%%
alter role r in database d set work_mem = '64MB'
%%
alter database d set timezone to 'Europe/Paris'
%%
alter default privileges for role r in schema s grant select on tables to app with grant option
%%
alter publication p add table t (a, b) where (a > 0), tables in schema s
%%
alter subscription s set publication a, b with (refresh = false)
%%
alter system set shared_buffers = '1GB'
%%
alter policy p on t to r using (a = current_user) with check (b <> ';')
%%
alter trigger g on t rename to h
%%
alter event trigger e enable always
%%
alter extension x update to '1.1'
%%
alter extension x add function f(int)
%%
alter operator @@ (a, b) set (restrict = none, join = eqjoinsel)
%%
alter text search configuration c add mapping for word, asciiword with french_stem, simple
%%
alter large object 12345 owner to r
%%
alter statistics s set statistics 100
%%
alter server s options (add host 'a;b', set port '1', drop dbname)
%%
alter user mapping for current_user server s options (set password ';')
%%
alter aggregate a(int) rename to b
%%
alter collation c refresh version
%%
create index concurrently if not exists i on only t using gin (a jsonb_path_ops, (b -> 'x;y')) include (c) with (fastupdate = off) where d is not null
%%
create unique index on t (lower(a) collate "fr_FR" desc nulls last, b asc nulls first) nulls not distinct
%%
create view v (a, b) with (security_barrier, security_invoker = true) as select 1, 'x;y' with local check option
%%
create or replace recursive view v (n) as values (1) union all select n + 1 from v where n < 10
%%
create or replace temp view v as select * from t where a ~ E'\\;' and b like 'it''s;%'
%%
create materialized view m using heap with (fillfactor = 90) as select a, count(*) from t group by a with no data
%%
refresh materialized view concurrently m with data
%%
create function f(a int, variadic b text[] default '{";"}') returns setof record language sql immutable as $$ select 1; select 2; $$
%%
create or replace function f() returns trigger language plpgsql as $body$ begin if new.a = ';' then raise exception 'no; %', $$x;y$$; end if; return new; end $body$
%%
create function f(a int) returns int begin atomic select a; select case when a > 1 then 2 else 3 end; end
%%
create function f() returns table (a int, b text) language sql return (select 1)
%%
create function f(int) returns int as 'lib;x', 'symbol;y' language c strict
%%
create procedure p(inout a int) language plpgsql as 'begin commit; a := a + 1; end'
%%
create procedure p() begin atomic insert into t values (1); update t set a = 2; end
%%
create aggregate a (int) (sfunc = f, stype = int8, initcond = '0;')
%%
create trigger g before insert or update of a, b on t for each row when (old.a is distinct from new.a) execute function f('x;y')
%%
create constraint trigger g after delete on t deferrable initially deferred for each row execute function f()
%%
create trigger g after update on t referencing old table as o new table as n for each statement execute function f()
%%
create event trigger e on ddl_command_end when tag in ('CREATE TABLE', 'DROP;TABLE') execute function f()
%%
create policy p on t as restrictive for select to public, app using (owner = current_user and note <> ';')
%%
create rule r as on insert to t where new.a > 0 do instead (insert into u values (1); delete from v; select 'x;y';)
%%
create rule r as on delete to t do also nothing
%%
create type e as enum ('a;b', 'c', 'd''e')
%%
create type c as (a int, b text collate "C")
%%
create type r as range (subtype = float8, subtype_diff = float8mi)
%%
create domain d as text collate "C" default ';' constraint c check (value ~ '^[;a-z]+$') not null
%%
create sequence if not exists s as int start 1 increment by 2 owned by none
%%
create extension if not exists pgcrypto with schema s version '1.3' cascade
%%
create role r with login password 'a;b' in group g admin x sysid 12
%%
create user u createdb createrole inherit
%%
create database d with owner r template template0 encoding 'UTF8' lc_collate 'C' connection limit 3
%%
create tablespace ts owner r location '/x;y' with (seq_page_cost = 1.1)
%%
create publication p for table t (a, b) where (a > 1), tables in schema s with (publish = 'insert, update')
%%
create subscription s connection 'host=a;b dbname=c' publication p, q with (copy_data = false, slot_name = none)
%%
create server s type 'x' version '1' foreign data wrapper w options (host 'a;b')
%%
create foreign data wrapper w handler h validator v options (debug 'true;')
%%
create user mapping for public server s options (user 'a;', password 'b;c')
%%
create operator @@ (leftarg = int, rightarg = text, function = f, commutator = @@, negator = !@@)
%%
create operator class c default for type int using btree family f as operator 1 <, operator 3 =, function 1 g(int, int)
%%
create operator family f using btree
%%
create cast (a as b) with function f(a) as assignment
%%
create collation c (provider = icu, locale = 'fr-u-kn', deterministic = false)
%%
create conversion c for 'LATIN1' to 'UTF8' from f
%%
create statistics s (dependencies, ndistinct, mcv) on a, (lower(b)) from t
%%
create text search configuration c (copy = french)
%%
create text search dictionary d (template = simple, stopwords = 'x;y')
%%
create transform for hstore language plpython3u (from sql with function a(internal), to sql with function b(internal))
%%
create access method m type table handler h
%%
create language l handler h inline i validator v
%%
drop table if exists a, b.c, "d;e" cascade
%%
drop index concurrently if exists i
%%
drop function if exists f(int, text), g(variadic text[])
%%
drop aggregate a(*)
%%
drop operator if exists @@ (int, none)
%%
drop cast if exists (a as b)
%%
drop policy if exists p on t
%%
drop trigger g on t cascade
%%
drop owned by a, current_user restrict
%%
drop database if exists d with (force)
%%
drop role if exists a, b
%%
drop schema s cascade
%%
drop type if exists a restrict
%%
drop extension e cascade
%%
drop transform for hstore language l
%%
drop user mapping if exists for u server s
%%
comment on column t.a is 'what; it''s'
%%
comment on function f(int) is null
%%
comment on constraint c on t is E'a\';b'
%%
comment on operator + (int, int) is $c$;$c$
%%
security label for selinux on table t is 'system_u;x'
%%
grant select (a, b), insert on table t, u to app, public with grant option granted by current_user
%%
grant all privileges on all functions in schema s to r
%%
grant r to s with admin option
%%
grant usage on foreign server x to y
%%
grant set, alter system on parameter work_mem to r
%%
revoke grant option for select on t from r cascade
%%
revoke admin option for a from b
%%
reassign owned by a to current_user
%%
select 1
%%
select distinct on (a) a, b as "x;y", t.*, count(*) filter (where c > 1) over w from t window w as (partition by a order by b rows between 1 preceding and current row exclude ties)
%%
select * from a natural join b left join c using (id) cross join lateral f(a.x) with ordinality as g(y, n) where exists (select) and a.z in (1, 2) order by 1 using <, 2 nulls first limit 10 offset 5 for update of a skip locked
%%
select a, grouping(a) from t group by grouping sets ((a), cube (b, c), rollup (d)) having count(*) > 1 fetch first 5 rows with ties
%%
with recursive x (n) as materialized (values (1) union select n + 1 from x) search depth first by n set o cycle n set c to true default false using p select * from x
%%
select array[1, 2][1:2], row(1, 'a;b'), '{"a;": 1}'::jsonb ->> 'a;', b'01', x'ff', 1e10, .5, 0.1e-3, $1
%%
select case a when 1 then 'x;' else null end, coalesce(a, b), nullif(a, ';'), greatest(1, 2), cast(a as numeric(3, 1)), a::text[] collate "C"
%%
select extract(epoch from now()), position('a' in 'b;'), substring('abc' from 1 for 2), trim(both ';' from a), overlay('a' placing 'b' from 1), a at time zone 'utc', interval '1 day' day to second
%%
select a is not distinct from b, a between symmetric 1 and 2, a similar to '%;' escape '\', a like any (array['x;']), not a is unknown, a is json
%%
select a->'b'#>>'{c;d}' @> c <@ d ?| array['e'] from t where a operator(pg_catalog.+) b = 1
%%
select E'\x41\u0042;\\', U&'\0041;' , U&"x!0041;" uescape '!', 'a' 'b', 'a'
'b;'
%%
select $$ $tag$ ; $tag$ $$, $tag$ $$ ; $$ $tag$, $é$;$é$
%%
select "a""b;c"."d", é, _x1$ from "T;able"
%%
select * from t tablesample bernoulli (10) repeatable (1)
%%
select xmlelement(name a, xmlattributes(b as c), 'x;y'), xmlforest(a, b as c)
%%
select json_object('a': 1), string_agg(a, ';' order by b desc)
%%
select into t a from b
%%
values (1, 'a;b'), (2, default) order by 1
%%
table t
%%
(select 1 union all (select 2 intersect select 3)) except select 4 order by 1
%%
insert into t (a, b[1], c.d) overriding system value values (1, 'x;', default), (2, null, 3) returning *, a as "r;"
%%
insert into t as x default values on conflict (a) where b > 0 do update set c = excluded.c, (d, e) = (select 1, 2) where x.f is null
%%
insert into t select * from u on conflict on constraint c do nothing
%%
with d as (delete from a returning *) insert into b select * from d
%%
update only t as x set a = 1, (b, c) = row (2, ';'), d = default from u where x.id = u.id returning u.*
%%
update t set a[1] = 2 where current of cur
%%
delete from t using u where t.id = u.id and u.n = ';' returning t.id
%%
merge into t using u on t.id = u.id when matched and u.d then delete when matched then update set a = u.a when not matched then insert (id) values (u.id)
%%
truncate only t, u restart identity cascade
%%
copy (select 'a;b') to '/tmp/x;y' with (format csv, delimiter ';', header, force_quote *)
%%
copy t (a, b) from program 'cat x; cat y' where a > 0
%%
declare c insensitive scroll cursor with hold for select ';'
%%
fetch backward 5 in c
%%
move absolute 3 from c
%%
close all
%%
prepare p (int, text) as select $1, $2 || ';'
%%
execute p (1, 'a;b')
%%
deallocate all
%%
explain (analyze, buffers off, format json) select ';'
%%
explain analyze verbose create table t as select 1
%%
begin isolation level serializable, read only, deferrable
%%
start transaction read write
%%
commit and chain
%%
rollback to savepoint s
%%
savepoint "s;p"
%%
release savepoint s
%%
prepare transaction 'x;y'
%%
commit prepared 'x;y'
%%
set local search_path to "a;b", public, 'c;d'
%%
set session characteristics as transaction isolation level repeatable read
%%
set time zone interval '+02:00' hour to minute
%%
set role none
%%
set session authorization 'a;b'
%%
set xml option document
%%
set constraints all deferred
%%
reset all
%%
show all
%%
discard plans
%%
lock table only a, b in share row exclusive mode nowait
%%
vacuum (full, verbose, parallel 2, index_cleanup auto) t (a, b), u
%%
analyze verbose t (a)
%%
cluster verbose t using i
%%
reindex (concurrently, verbose) table s.t
%%
reindex system d
%%
checkpoint
%%
listen "ch;annel"
%%
notify c, 'pay;load'
%%
unlisten *
%%
load 'lib;x'
%%
do $$ begin perform 1; if true then null; end if; end; $$ language plpgsql
%%
do language plpgsql 'begin raise notice ''a;b''; end'
%%
call p(1, a => 'x;y', variadic array[2, 3])
%%
import foreign schema s limit to (a, b) from server x into y options (z ';')

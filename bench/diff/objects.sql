create schema m;
do $$ begin for i in 1..600 loop
 execute format('create table m.t%s (id int primary key, a text not null default %L, b int references m.t%s, c timestamptz, d numeric(10,2) check (d > 0), e jsonb)', i, 'x', greatest(i-1,1));
 execute format('create index on m.t%s (a); create index on m.t%s (c)', i, i);
 execute format('create view m.v%s as select id, a from m.t%s', i, i);
 execute format('create function m.f%s(x int) returns int language sql as ''select x + %s''', i, i);
 execute format('alter table m.t%s enable row level security; create policy p on m.t%s using (id > %s)', i, i, i);
end loop; end $$;

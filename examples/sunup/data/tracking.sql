-- drizzle-orm's tracking table as its migrator makes it, holding the first :known migrations of the journal.
\set journal `cat drizzle/meta/_journal.json`
\set hashes `cd drizzle && sha256sum *.sql`
create schema drizzle;
create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
insert into drizzle.__drizzle_migrations (hash, created_at)
select split_part(line, '  ', 1), (entry ->> 'when')::bigint
from json_array_elements(:'journal'::json -> 'entries') entry
join regexp_split_to_table(:'hashes', '\n') line on split_part(line, '  ', 2) = (entry ->> 'tag') || '.sql'
where (entry ->> 'idx')::int < :known
order by (entry ->> 'idx')::int;

-- Applies the migration supabase/migrations/:file and records it as the Supabase CLI does; here with its whole text as one statement.
\set path supabase/migrations/ :file
\i :path
\set text `cat :'path'`
insert into supabase_migrations.schema_migrations (version, statements, name)
values (split_part(:'file', '_', 1), array[:'text'], regexp_replace(:'file', '^[0-9]+_(.*)\.sql$', '\1'));

-- Applies the migration :file and records it under :version, as Supabase's dashboard does: its name, and the whole text as one statement.
\i :file
\set text `cat :'file'`
insert into supabase_migrations.schema_migrations (version, statements, name)
values (:'version', array[:'text'], regexp_replace(:'file', '^.*/[0-9]+_(.*)\.sql$', '\1'));

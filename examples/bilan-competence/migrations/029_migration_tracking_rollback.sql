drop function get_migration_status();
drop function record_migration_failure(varchar, text, text);
drop function record_migration(varchar, text, varchar, text, integer);
drop function migration_applied(varchar);
drop table schema_migrations;

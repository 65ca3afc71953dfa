-- The tracking system: what is applied, by whom, when, how long it took. Harmless where it is there already.
create table if not exists schema_migrations (
  version varchar(64) primary key,
  name text not null,
  checksum varchar(64),
  executed_by text not null default current_user,
  executed_at timestamptz not null default now(),
  execution_time_ms integer,
  success boolean not null default true,
  error_message text
);

create or replace function migration_applied(p_version varchar) returns boolean
language sql stable
set search_path from current
as $$
  select exists (select from schema_migrations where version = p_version and success);
$$;

create or replace function record_migration(p_version varchar, p_name text, p_checksum varchar, p_executed_by text, p_execution_time_ms integer) returns void
language sql
set search_path from current
as $$
  insert into schema_migrations (version, name, checksum, executed_by, executed_at, execution_time_ms, success, error_message)
  values (p_version, p_name, p_checksum, coalesce(p_executed_by, current_user), now(), p_execution_time_ms, true, null)
  on conflict (version) do update
    set name = excluded.name, checksum = excluded.checksum, executed_by = excluded.executed_by, executed_at = excluded.executed_at,
        execution_time_ms = excluded.execution_time_ms, success = true, error_message = null;
$$;

create or replace function record_migration_failure(p_version varchar, p_name text, p_error_message text) returns void
language sql
set search_path from current
as $$
  insert into schema_migrations as existing (version, name, executed_at, success, error_message)
  values (p_version, p_name, now(), false, p_error_message)
  on conflict (version) do update
    set name = excluded.name, executed_at = excluded.executed_at, success = false, error_message = excluded.error_message
    where not existing.success;
$$;

create or replace function get_migration_status() returns table (
  total_migrations bigint,
  successful_migrations bigint,
  failed_migrations bigint,
  last_migration varchar,
  last_executed_at timestamptz,
  failed_versions text,
  last_error text
)
language sql stable
set search_path from current
as $$
  select count(*),
         count(*) filter (where success),
         count(*) filter (where not success),
         (select version from schema_migrations where success order by executed_at desc, version desc limit 1),
         max(executed_at) filter (where success),
         string_agg(version, ', ' order by version) filter (where not success),
         (select error_message from schema_migrations where not success order by executed_at desc, version desc limit 1)
  from schema_migrations;
$$;

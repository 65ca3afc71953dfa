create schema if not exists eclusier_maintenance;

comment on schema eclusier_maintenance is 'What pg_cron runs for the jobs of Eclusier; made by eclusier maintain --schedule.';

-- One run of Eclusier at a time: the key is that of its own lock. Whoever cannot have it tries again.
create or replace function eclusier_maintenance.take_turn(patience text) returns void language plpgsql as $turn$
begin
  perform set_config('lock_timeout', patience, true);
  if not pg_try_advisory_xact_lock({lock}) then
    raise exception 'another run of Eclusier holds the lock' using errcode = 'lock_not_available';
  end if;
end
$turn$;

-- Bounds are shown in the session's time zone: every function here sets its own.
create or replace function eclusier_maintenance.partitions_of(parent regclass) returns table (partition regclass, since timestamptz, until timestamptz) language sql stable
set timezone = 'UTC' set datestyle = 'ISO, YMD' as $partitions$
  select c.oid::regclass,
    coalesce((regexp_match(bound, 'FROM \(''([^'']*)''\)'))[1]::timestamptz, '-infinity'),
    coalesce((regexp_match(bound, 'TO \(''([^'']*)''\)'))[1]::timestamptz, 'infinity')
  from pg_inherits i join pg_class c on c.oid = i.inhrelid, pg_get_expr(c.relpartbound, c.oid) bound
  where i.inhparent = parent and bound like 'FOR VALUES FROM%'
$partitions$;

create or replace function eclusier_maintenance.create_partitions(parent regclass, every text, ahead int, prefix text, pattern text, suffix text, patience text) returns int language plpgsql
set timezone = 'UTC' set datestyle = 'ISO, YMD' as $create$
declare
  width interval := case every when 'quarter' then interval '3 months' else ('1 ' || every)::interval end;
  first_moment timestamp; next_moment timestamp; name text; made int;
  place pg_class := (select c from pg_class c where c.oid = parent);
begin
  for attempt in 1..20 loop
    begin
      made := 0;
      perform eclusier_maintenance.take_turn(patience);
      for number in 0..ahead loop
        first_moment := date_trunc(every, now() at time zone 'UTC') + number * width;
        next_moment := first_moment + width;
        continue when exists (select from eclusier_maintenance.partitions_of(parent) p where p.since <= first_moment and p.until >= next_moment);
        name := format('%I.%I', (select n.nspname from pg_namespace n where n.oid = place.relnamespace), prefix || to_char(first_moment, pattern) || suffix);
        execute format('create table %s (like %s including defaults including constraints including generated including storage)', name, parent);
        execute format('alter table %s owner to %I', name, pg_get_userbyid(place.relowner));
        if place.relrowsecurity then
          execute format('alter table %s enable row level security', name);
        end if;
        execute format('alter table %s attach partition %s for values from (%L) to (%L)', parent, name, first_moment || '+00', next_moment || '+00');
        made := made + 1;
      end loop;
      return made;
    exception when lock_not_available then
      if attempt = 20 then raise; end if;
    end;
    perform pg_sleep(0.1 + random() * 3);
  end loop;
end
$create$;

-- DETACH PARTITION ... CONCURRENTLY cannot run in a function: this waits for its lock no longer than it may, and steps back.
create or replace function eclusier_maintenance.detach_partitions(parent regclass, every text, keep int, patience text) returns int language plpgsql
set timezone = 'UTC' set datestyle = 'ISO, YMD' as $detach$
declare
  width interval := case every when 'quarter' then interval '3 months' else ('1 ' || every)::interval end;
  old record; detached int;
begin
  for attempt in 1..20 loop
    begin
      detached := 0;
      perform eclusier_maintenance.take_turn(patience);
      for old in select p.partition from eclusier_maintenance.partitions_of(parent) p where p.until <= (date_trunc(every, now() at time zone 'UTC') - keep * width) at time zone 'UTC' loop
        execute format('alter table %s detach partition %s', parent, old.partition);
        detached := detached + 1;
      end loop;
      return detached;
    exception when lock_not_available then
      if attempt = 20 then raise; end if;
    end;
    perform pg_sleep(0.1 + random() * 3);
  end loop;
end
$detach$;

revoke all on all functions in schema eclusier_maintenance from public;

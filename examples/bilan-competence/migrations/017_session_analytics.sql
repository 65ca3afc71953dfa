create table session_analytics (
  consultant_id uuid not null references users (id) on delete cascade,
  month date not null check (extract(day from month) = 1),
  booked integer not null default 0,
  cancelled integer not null default 0,
  no_show integer not null default 0,
  updated_at timestamptz not null default now(),
  primary key (consultant_id, month)
);
create index session_analytics_month_idx on session_analytics (month);
create trigger session_analytics_updated before update on session_analytics for each row execute function set_updated_at();

create function refresh_session_analytics(p_month date) returns integer
language plpgsql
as $$
declare
  touched integer;
begin
  insert into session_analytics (consultant_id, month, booked, cancelled, no_show)
  select s.consultant_id, date_trunc('month', p_month)::date, count(*),
         count(*) filter (where b.status = 'CANCELLED'), count(*) filter (where b.status = 'NO_SHOW')
  from session_bookings b join availability_slots s on s.id = b.slot_id
  where s.starts_at >= date_trunc('month', p_month) and s.starts_at < date_trunc('month', p_month) + interval '1 month'
  group by s.consultant_id
  on conflict (consultant_id, month) do update
    set booked = excluded.booked, cancelled = excluded.cancelled, no_show = excluded.no_show;
  get diagnostics touched = row_count;
  return touched;
end;
$$;

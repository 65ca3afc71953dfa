create table session_reminders (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null references session_bookings (id) on delete cascade,
  channel text not null default 'EMAIL' check (channel in ('EMAIL', 'SMS')),
  send_at timestamptz not null,
  sent_at timestamptz,
  updated_at timestamptz not null default now()
);
create index session_reminders_booking_idx on session_reminders (booking_id);
create index session_reminders_due_idx on session_reminders (send_at) where sent_at is null;
create trigger session_reminders_updated before update on session_reminders for each row execute function set_updated_at();

create function reminders_due(p_now timestamptz) returns setof session_reminders
language sql stable
as $$ select * from session_reminders where sent_at is null and send_at <= p_now order by send_at $$;

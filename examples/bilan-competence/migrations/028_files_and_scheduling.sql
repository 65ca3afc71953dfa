-- Conversations, and what files and scheduling need for them.
create table conversations (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  subject text not null,
  last_message_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversations_bilan_idx on conversations (bilan_id);
create index conversations_recent_idx on conversations (last_message_at desc nulls last);
create trigger conversations_updated before update on conversations for each row execute function set_updated_at();

alter table files add column mime_type text, add column deleted_at timestamptz;
alter table session_bookings add column meeting_url text;
alter table availability_slots add column location text;

do $$
begin
  if not exists (select from pg_constraint where conname = 'session_bookings_meeting_url_https') then
    alter table session_bookings add constraint session_bookings_meeting_url_https check (meeting_url like 'https://%') not valid;
  end if;
end;
$$;

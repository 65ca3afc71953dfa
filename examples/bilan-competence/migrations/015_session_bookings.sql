create table session_bookings (
  id uuid primary key default gen_random_uuid(),
  slot_id uuid not null unique references availability_slots (id) on delete cascade,
  bilan_id uuid not null references bilans (id) on delete cascade,
  beneficiary_id uuid not null references users (id) on delete cascade,
  status text not null default 'CONFIRMED' check (status in ('CONFIRMED', 'CANCELLED', 'DONE', 'NO_SHOW')),
  booked_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_bookings_bilan_idx on session_bookings (bilan_id);
create index session_bookings_beneficiary_idx on session_bookings (beneficiary_id, booked_at);
create index session_bookings_status_idx on session_bookings (status);
create trigger session_bookings_updated before update on session_bookings for each row execute function set_updated_at();

-- A booking takes its slot, a cancellation gives it back.
create function sync_slot_with_booking() returns trigger
language plpgsql
as $$
begin
  update availability_slots set is_booked = (new.status <> 'CANCELLED') where id = new.slot_id;
  return new;
end;
$$;
create trigger session_bookings_slot after insert or update of status on session_bookings for each row execute function sync_slot_with_booking();

alter table session_bookings enable row level security;
create policy session_bookings_parties on session_bookings using (beneficiary_id = app_current_user_id() or app_sees_bilan(bilan_id));

create table availability_slots (
  id uuid primary key default gen_random_uuid(),
  consultant_id uuid not null references users (id) on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  is_booked boolean not null default false,
  updated_at timestamptz not null default now(),
  constraint availability_slots_order check (ends_at > starts_at),
  unique (consultant_id, starts_at)
);
create index availability_slots_free_idx on availability_slots (starts_at) where not is_booked;
create index availability_slots_range_idx on availability_slots using gist (tstzrange(starts_at, ends_at));
create trigger availability_slots_updated before update on availability_slots for each row execute function set_updated_at();

-- Core schema: organizations, users, bilans and what belongs to them.
create extension if not exists pgcrypto;

create function set_updated_at() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

create table organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  siret char(14) unique,
  city text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table users (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid references organizations (id) on delete set null,
  email text not null unique,
  password_hash text not null,
  full_name text not null,
  role text not null default 'BENEFICIARY' check (role in ('BENEFICIARY', 'CONSULTANT', 'ORG_ADMIN', 'ADMIN')),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table bilans (
  id uuid primary key default gen_random_uuid(),
  beneficiary_id uuid not null references users (id) on delete cascade,
  consultant_id uuid references users (id) on delete set null,
  organization_id uuid references organizations (id) on delete set null,
  status text not null default 'PRELIMINARY' check (status in ('PRELIMINARY', 'INVESTIGATION', 'CONCLUSION', 'COMPLETED', 'ARCHIVED')),
  start_date date,
  end_date date,
  satisfaction smallint check (satisfaction between 1 and 5),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bilans_dates check (end_date is null or end_date >= start_date)
);

create table competencies (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  name text not null,
  category text not null,
  level smallint not null default 1 check (level between 1 and 5),
  created_at timestamptz not null default now()
);

create table recommendations (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  title text not null,
  description text,
  priority smallint not null default 3,
  created_at timestamptz not null default now()
);

create table documents (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid references bilans (id) on delete cascade,
  uploaded_by uuid references users (id) on delete set null,
  file_name text not null,
  mime_type text not null default 'application/pdf',
  size_bytes bigint not null default 0,
  created_at timestamptz not null default now()
);

create table messages (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  sender_id uuid not null references users (id) on delete cascade,
  body text not null,
  read_at timestamptz,
  created_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  consultant_id uuid references users (id) on delete set null,
  scheduled_at timestamptz not null,
  duration_minutes integer not null default 60,
  notes text,
  created_at timestamptz not null default now()
);

create table audit_logs (
  id bigint generated always as identity primary key,
  user_id uuid references users (id) on delete set null,
  action text not null,
  entity text not null,
  entity_id uuid,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create trigger organizations_updated before update on organizations for each row execute function set_updated_at();
create trigger users_updated before update on users for each row execute function set_updated_at();
create trigger bilans_updated before update on bilans for each row execute function set_updated_at();

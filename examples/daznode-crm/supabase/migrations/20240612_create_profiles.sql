-- People. `users` is from the first version, which had a login of its own; `profiles` came with Supabase Auth and took the ids over.

create table public.users (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  name text,
  pubkey text,
  created_at timestamptz not null default now()
);
comment on table public.users is 'Accounts of the first version. Redundant since profiles has them.';

create table public.profiles (
  id uuid primary key default gen_random_uuid(),
  email text,
  full_name text,
  pubkey text,
  email_verified boolean not null default false,
  t4g_tokens integer not null default 0,
  role text not null default 'user' check (role in ('user', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.profiles.pubkey is 'The public key of the person''s Lightning node: 33 bytes in hexadecimal.';
comment on column public.profiles.t4g_tokens is 'T4G tokens that the person has earned.';

create function public.set_updated_at() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger profiles_updated before update on public.profiles for each row execute function public.set_updated_at();

create table email_verification_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  token_hash char(64) not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create table password_reset_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  token_hash char(64) not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create table auth_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  refresh_token_hash char(64) not null unique,
  user_agent text,
  ip inet,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create table user_preferences (
  user_id uuid primary key references users (id) on delete cascade,
  language text not null default 'fr',
  theme text not null default 'light' check (theme in ('light', 'dark')),
  notifications jsonb not null default '{"email": true, "sms": false}',
  updated_at timestamptz not null default now()
);
create index email_verification_tokens_user_idx on email_verification_tokens (user_id);
create index email_verification_tokens_expiry_idx on email_verification_tokens (expires_at) where used_at is null;
create index password_reset_tokens_user_idx on password_reset_tokens (user_id);
create index password_reset_tokens_expiry_idx on password_reset_tokens (expires_at) where used_at is null;
create index auth_sessions_user_idx on auth_sessions (user_id);
create index auth_sessions_active_idx on auth_sessions (expires_at) where revoked_at is null;
create index user_preferences_language_idx on user_preferences (language);
create trigger user_preferences_updated before update on user_preferences for each row execute function set_updated_at();

create function active_sessions(p_user uuid) returns bigint
language sql stable
as $$ select count(*) from auth_sessions where user_id = p_user and revoked_at is null and expires_at > now() $$;

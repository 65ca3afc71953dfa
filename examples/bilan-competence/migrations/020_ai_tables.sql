create table cv_analyses (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  status text not null default 'PENDING' check (status in ('PENDING', 'RUNNING', 'DONE', 'FAILED')),
  skills text[] not null default '{}',
  experience_years numeric(4, 1),
  result jsonb,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table job_recommendations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  cv_analysis_id uuid references cv_analyses (id) on delete set null,
  rome_code char(5) not null,
  title text not null,
  match_score numeric(5, 2) not null check (match_score between 0 and 100),
  created_at timestamptz not null default now()
);
create table personality_analyses (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  mbti_type char(4),
  riasec_code char(3),
  traits jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table action_plans (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  title text not null,
  due_on date,
  done boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table files (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references users (id) on delete cascade,
  storage_key text not null unique,
  size_bytes bigint not null check (size_bytes >= 0),
  created_at timestamptz not null default now()
);
create table consultant_analytics (
  consultant_id uuid not null references users (id) on delete cascade,
  day date not null,
  active_bilans integer not null default 0,
  messages_sent integer not null default 0,
  primary key (consultant_id, day)
);
create index cv_analyses_user_idx on cv_analyses (user_id, created_at desc);
create index cv_analyses_status_idx on cv_analyses (status) where status in ('PENDING', 'RUNNING');
create index cv_analyses_skills_idx on cv_analyses using gin (skills);
create index job_recommendations_user_idx on job_recommendations (user_id, match_score desc);
create index job_recommendations_analysis_idx on job_recommendations (cv_analysis_id);
create index job_recommendations_rome_idx on job_recommendations (rome_code);
create index personality_analyses_user_idx on personality_analyses (user_id);
create index personality_analyses_type_idx on personality_analyses (mbti_type, riasec_code);
create index action_plans_bilan_idx on action_plans (bilan_id);
create index action_plans_due_idx on action_plans (due_on) where not done;
create index files_owner_idx on files (owner_id);
create index consultant_analytics_day_idx on consultant_analytics (day);
create trigger personality_analyses_updated before update on personality_analyses for each row execute function set_updated_at();
create trigger action_plans_updated before update on action_plans for each row execute function set_updated_at();

-- Migration 025 mends this: an analysis that fails must not count as completed.
create function complete_cv_analysis() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  if new.status in ('DONE', 'FAILED') then
    new.completed_at := now();
  end if;
  return new;
end;
$$;
create trigger cv_analyses_completed before update on cv_analyses for each row execute function complete_cv_analysis();

alter table cv_analyses enable row level security;
alter table personality_analyses enable row level security;
create policy cv_analyses_own on cv_analyses using (user_id = app_current_user_id() or app_is_admin());
create policy personality_analyses_own on personality_analyses using (user_id = app_current_user_id() or app_is_admin());

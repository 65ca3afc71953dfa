create table assessment_drafts (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  step smallint not null default 1 check (step between 1 and 5),
  content jsonb not null default '{}',
  saved_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (bilan_id, step)
);
create index assessment_drafts_saved_idx on assessment_drafts (saved_at);
create index assessment_drafts_content_idx on assessment_drafts using gin (content jsonb_path_ops);
create trigger assessment_drafts_updated before update on assessment_drafts for each row execute function set_updated_at();
alter table assessment_drafts enable row level security;
create policy assessment_drafts_parties on assessment_drafts using (app_sees_bilan(bilan_id));

create table assessment_competencies (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  competency_name text not null,
  self_level smallint not null check (self_level between 1 and 4),
  self_interest smallint not null check (self_interest between 1 and 10),
  context text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (bilan_id, competency_name)
);
create index assessment_competencies_level_idx on assessment_competencies (self_level, self_interest);
create trigger assessment_competencies_updated before update on assessment_competencies for each row execute function set_updated_at();
alter table assessment_competencies enable row level security;
create policy assessment_competencies_parties on assessment_competencies using (app_sees_bilan(bilan_id));

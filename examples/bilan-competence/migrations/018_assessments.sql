create table assessments (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null,
  title text not null,
  assessment_type text not null default 'COMPREHENSIVE' check (assessment_type in ('CAREER', 'SKILLS', 'COMPREHENSIVE')),
  status text not null default 'DRAFT' check (status in ('DRAFT', 'IN_PROGRESS', 'SUBMITTED', 'REVIEWED', 'COMPLETED')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table assessment_questions (
  id uuid primary key default gen_random_uuid(),
  assessment_id uuid not null references assessments (id) on delete cascade,
  position smallint not null,
  text_fr text not null,
  kind text not null default 'TEXT' check (kind in ('TEXT', 'SCALE', 'CHOICE')),
  unique (assessment_id, position)
);
create table assessment_answers (
  id uuid primary key default gen_random_uuid(),
  question_id uuid not null references assessment_questions (id) on delete cascade,
  answered_by uuid not null,
  answer jsonb not null,
  answered_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (question_id, answered_by)
);
create table assessment_documents (
  id uuid primary key default gen_random_uuid(),
  assessment_id uuid not null references assessments (id) on delete cascade,
  document_id uuid not null,
  attached_at timestamptz not null default now(),
  unique (assessment_id, document_id)
);
create index assessments_bilan_idx on assessments (bilan_id);
create index assessments_status_idx on assessments (status, assessment_type);
create index assessment_answers_user_idx on assessment_answers (answered_by);
create index assessment_answers_answer_idx on assessment_answers using gin (answer);
create index assessment_documents_document_idx on assessment_documents (document_id);
create trigger assessments_updated before update on assessments for each row execute function set_updated_at();
create trigger assessment_answers_updated before update on assessment_answers for each row execute function set_updated_at();

alter table assessments enable row level security;
alter table assessment_questions enable row level security;
alter table assessment_answers enable row level security;
-- Migration 024 mends these: they let every user read every assessment.
create policy assessments_read on assessments for select using (app_current_user_id() is not null);
create policy assessment_questions_read on assessment_questions for select using (app_current_user_id() is not null);
create policy assessment_answers_own on assessment_answers using (answered_by = app_current_user_id());

create function assessment_progress(p_assessment uuid) returns numeric
language sql stable
as $$
  select round(100.0 * count(a.id) / nullif(count(q.id), 0), 1)
  from assessment_questions q left join assessment_answers a on a.question_id = q.id
  where q.assessment_id = p_assessment;
$$;

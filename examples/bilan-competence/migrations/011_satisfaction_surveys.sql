create table satisfaction_surveys (
  id uuid primary key default gen_random_uuid(),
  bilan_id uuid not null references bilans (id) on delete cascade,
  sent_at timestamptz not null default now(),
  completed_at timestamptz,
  updated_at timestamptz not null default now()
);
create table survey_responses (
  id uuid primary key default gen_random_uuid(),
  survey_id uuid not null references satisfaction_surveys (id) on delete cascade,
  question text not null,
  score smallint not null check (score between 0 and 10),
  comment text,
  created_at timestamptz not null default now(),
  unique (survey_id, question)
);
create index satisfaction_surveys_bilan_idx on satisfaction_surveys (bilan_id);
create index satisfaction_surveys_open_idx on satisfaction_surveys (sent_at) where completed_at is null;
create index survey_responses_score_idx on survey_responses (question, score);
create trigger satisfaction_surveys_updated before update on satisfaction_surveys for each row execute function set_updated_at();

-- Net promoter score: promoters (9, 10) minus detractors (0 to 6), in points.
create function survey_net_promoter_score(p_question text) returns numeric
language sql stable
as $$
  select round(100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6)) / nullif(count(*), 0), 1)
  from survey_responses where question = p_question;
$$;

-- For production: 20251120094858_add_quality_justification_column, 20251120094954_add_latency_columns and
-- 20251120095358_rename_justification_to_analysis of staging in one file, with the final names. It can be run again.

alter table public.agent_calls
  add column if not exists avg_llm_latency_ms numeric(10, 2),
  add column if not exists min_llm_latency_ms numeric(10, 2),
  add column if not exists max_llm_latency_ms numeric(10, 2),
  add column if not exists avg_tts_latency_ms numeric(10, 2),
  add column if not exists min_tts_latency_ms numeric(10, 2),
  add column if not exists max_tts_latency_ms numeric(10, 2),
  add column if not exists avg_total_latency_ms numeric(10, 2),
  add column if not exists min_total_latency_ms numeric(10, 2),
  add column if not exists max_total_latency_ms numeric(10, 2),
  add column if not exists call_quality_analysis text;

comment on column public.agent_calls.avg_llm_latency_ms is 'Mean time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.min_llm_latency_ms is 'Shortest time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.max_llm_latency_ms is 'Longest time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.avg_tts_latency_ms is 'Mean time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.min_tts_latency_ms is 'Shortest time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.max_tts_latency_ms is 'Longest time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.avg_total_latency_ms is 'Mean silence between the caller''s last word and the answer, in milliseconds.';
comment on column public.agent_calls.min_total_latency_ms is 'Shortest silence between the caller''s last word and the answer, in milliseconds.';
comment on column public.agent_calls.max_total_latency_ms is 'Longest silence between the caller''s last word and the answer, in milliseconds.';
comment on column public.agent_calls.call_quality_analysis is 'Analysis of the quality of the call, by the model that judges it.';

-- metadata holds numbers (812.5) and, from older agents, texts ('812 ms', 'n/a'); what is no number of milliseconds stays null.
-- What is there already is kept.
update public.agent_calls
set
  avg_llm_latency_ms = coalesce(avg_llm_latency_ms, substring(metadata #>> '{latency,llm,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  min_llm_latency_ms = coalesce(min_llm_latency_ms, substring(metadata #>> '{latency,llm,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  max_llm_latency_ms = coalesce(max_llm_latency_ms, substring(metadata #>> '{latency,llm,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  avg_tts_latency_ms = coalesce(avg_tts_latency_ms, substring(metadata #>> '{latency,tts,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  min_tts_latency_ms = coalesce(min_tts_latency_ms, substring(metadata #>> '{latency,tts,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  max_tts_latency_ms = coalesce(max_tts_latency_ms, substring(metadata #>> '{latency,tts,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  avg_total_latency_ms = coalesce(avg_total_latency_ms, substring(metadata #>> '{latency,total,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  min_total_latency_ms = coalesce(min_total_latency_ms, substring(metadata #>> '{latency,total,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  max_total_latency_ms = coalesce(max_total_latency_ms, substring(metadata #>> '{latency,total,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric),
  call_quality_analysis = coalesce(call_quality_analysis, nullif(metadata #>> '{quality,analysis}', ''))
where metadata ? 'latency' or metadata #>> '{quality,analysis}' <> '';

create index if not exists agent_calls_latency_idx on public.agent_calls (started_at, deployment_id) where avg_total_latency_ms is not null;
create index if not exists agent_calls_quality_analysis_idx on public.agent_calls (deployment_id, started_at desc)
  where call_quality_analysis is not null;

create or replace function public.get_latency_metrics(
  p_start_date timestamptz,
  p_end_date timestamptz,
  p_client_id uuid default null,
  p_deployment_id uuid default null,
  p_agent_type_name text default null
)
returns table (
  day date,
  call_count bigint,
  avg_llm_latency_ms numeric,
  min_llm_latency_ms numeric,
  max_llm_latency_ms numeric,
  avg_tts_latency_ms numeric,
  min_tts_latency_ms numeric,
  max_tts_latency_ms numeric,
  avg_total_latency_ms numeric,
  min_total_latency_ms numeric,
  max_total_latency_ms numeric,
  p95_total_latency_ms numeric
)
language sql stable set search_path = ''
as $$
  -- Runs with the rights of its caller: row security decides whose calls are counted.
  select
    call.started_at::date,
    count(*),
    round(avg(call.avg_llm_latency_ms), 2),
    min(call.min_llm_latency_ms),
    max(call.max_llm_latency_ms),
    round(avg(call.avg_tts_latency_ms), 2),
    min(call.min_tts_latency_ms),
    max(call.max_tts_latency_ms),
    round(avg(call.avg_total_latency_ms), 2),
    min(call.min_total_latency_ms),
    max(call.max_total_latency_ms),
    round((percentile_cont(0.95) within group (order by call.avg_total_latency_ms))::numeric, 2)
  from public.agent_calls call
  join public.agent_deployments deployment on deployment.id = call.deployment_id
  join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
  where call.started_at >= date_trunc('day', p_start_date)
    and call.started_at < date_trunc('day', p_end_date) + interval '1 day'
    and call.avg_total_latency_ms is not null
    and (p_client_id is null or deployment.client_id = p_client_id)
    and (p_deployment_id is null or deployment.id = p_deployment_id)
    and (p_agent_type_name is null or agent_type.name = p_agent_type_name)
  group by call.started_at::date
  order by call.started_at::date
$$;
comment on function public.get_latency_metrics(timestamptz, timestamptz, uuid, uuid, text) is
  'Latency per day, first and last day included, of the calls that the caller may read.';
revoke execute on function public.get_latency_metrics(timestamptz, timestamptz, uuid, uuid, text) from public, anon;

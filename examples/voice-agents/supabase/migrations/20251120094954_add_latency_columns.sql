-- How long callers wait for an answer, stage by stage: the language model (LLM), the speech synthesis (TTS), and both with all that lies between.

alter table public.agent_calls
  add column avg_llm_latency_ms numeric(10, 2),
  add column min_llm_latency_ms numeric(10, 2),
  add column max_llm_latency_ms numeric(10, 2),
  add column avg_tts_latency_ms numeric(10, 2),
  add column min_tts_latency_ms numeric(10, 2),
  add column max_tts_latency_ms numeric(10, 2),
  add column avg_total_latency_ms numeric(10, 2),
  add column min_total_latency_ms numeric(10, 2),
  add column max_total_latency_ms numeric(10, 2);

comment on column public.agent_calls.avg_llm_latency_ms is 'Mean time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.min_llm_latency_ms is 'Shortest time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.max_llm_latency_ms is 'Longest time to the first token of the language model, in milliseconds.';
comment on column public.agent_calls.avg_tts_latency_ms is 'Mean time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.min_tts_latency_ms is 'Shortest time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.max_tts_latency_ms is 'Longest time to the first sound of the speech synthesis, in milliseconds.';
comment on column public.agent_calls.avg_total_latency_ms is 'Mean silence between the caller''s last word and the answer, in milliseconds.';
comment on column public.agent_calls.min_total_latency_ms is 'Shortest silence between the caller''s last word and the answer, in milliseconds.';
comment on column public.agent_calls.max_total_latency_ms is 'Longest silence between the caller''s last word and the answer, in milliseconds.';

-- metadata holds numbers (812.5) and, from older agents, texts ('812 ms', 'n/a'); what is no number of milliseconds stays null.
update public.agent_calls
set
  avg_llm_latency_ms = substring(metadata #>> '{latency,llm,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  min_llm_latency_ms = substring(metadata #>> '{latency,llm,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  max_llm_latency_ms = substring(metadata #>> '{latency,llm,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  avg_tts_latency_ms = substring(metadata #>> '{latency,tts,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  min_tts_latency_ms = substring(metadata #>> '{latency,tts,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  max_tts_latency_ms = substring(metadata #>> '{latency,tts,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  avg_total_latency_ms = substring(metadata #>> '{latency,total,avg}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  min_total_latency_ms = substring(metadata #>> '{latency,total,min}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric,
  max_total_latency_ms = substring(metadata #>> '{latency,total,max}' from '^(\d{1,7}(?:\.\d+)?)(?: ?ms)?$')::numeric
where metadata ? 'latency';

create index agent_calls_latency_idx on public.agent_calls (started_at, deployment_id) where avg_total_latency_ms is not null;

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

-- What a call cost us and how it went, stage by stage.

alter table public.agent_calls
  add column llm_model text,
  add column stt_cost numeric(12, 6) not null default 0,
  add column llm_cost numeric(12, 6) not null default 0,
  add column tts_cost numeric(12, 6) not null default 0,
  add column telephony_cost numeric(12, 6) not null default 0,
  add column total_cost numeric(12, 6) generated always as (stt_cost + llm_cost + tts_cost + telephony_cost) stored,
  add column sentiment text,
  add column interruption_count integer not null default 0,
  add column disconnect_reason text;
alter table public.agent_calls
  add constraint agent_calls_sentiment_check check (sentiment in ('positive', 'neutral', 'negative'));

comment on column public.agent_calls.total_cost is 'What the call cost us: transcription, language model, speech synthesis and telephony, in euros.';
comment on column public.agent_calls.interruption_count is 'How often the caller spoke while the agent was speaking.';

create index agent_calls_negative_idx on public.agent_calls (deployment_id, started_at desc) where sentiment = 'negative';
create index agent_calls_outcome_idx on public.agent_calls (outcome, started_at desc);

-- The agent reports the end of a call, its model and its sentiment; the columns follow.
create function public.enrich_agent_call() returns trigger
language plpgsql
as $$
begin
  new.duration_seconds := coalesce(new.duration_seconds, extract(epoch from new.ended_at - new.started_at)::integer);
  new.llm_model := coalesce(new.llm_model, new.metadata ->> 'model');
  if new.sentiment is null and new.metadata ->> 'sentiment' in ('positive', 'neutral', 'negative') then
    new.sentiment := new.metadata ->> 'sentiment';
  end if;
  return new;
end
$$;
revoke execute on function public.enrich_agent_call() from public, anon;
create trigger agent_calls_enrich before insert on public.agent_calls for each row execute function public.enrich_agent_call();

create or replace view public.v_agent_calls_enriched as
select
  call.id,
  call.deployment_id,
  deployment.name as deployment_name,
  deployment.client_id,
  client.name as client_name,
  agent_type.name as agent_type_name,
  call.direction,
  call.phone_number,
  call.first_name,
  call.last_name,
  call.started_at,
  call.ended_at,
  call.duration_seconds,
  call.outcome,
  round(call.duration_seconds * deployment.cost_per_minute / 60, 4) as billed_cost,
  call.total_cost,
  call.llm_model,
  call.sentiment,
  call.interruption_count,
  call.disconnect_reason
from public.agent_calls call
join public.agent_deployments deployment on deployment.id = call.deployment_id
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
join public.clients client on client.id = deployment.client_id;

create view public.v_louis_sentiments as
select deployment.id as deployment_id, deployment.client_id, call.started_at::date as day, call.sentiment, count(*) as call_count
from public.agent_calls call
join public.agent_deployments deployment on deployment.id = call.deployment_id
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
where agent_type.name = 'louis' and call.sentiment is not null
group by deployment.id, call.started_at::date, call.sentiment;

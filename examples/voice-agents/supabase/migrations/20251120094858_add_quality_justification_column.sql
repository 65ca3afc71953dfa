-- Why a call was judged good or bad, in the words of the model that judges it. Until now it was buried in metadata.

alter table public.agent_calls add column call_quality_justification text;
comment on column public.agent_calls.call_quality_justification is 'Why the call was judged good or bad.';

update public.agent_calls
set call_quality_justification = metadata #>> '{quality,analysis}'
where metadata #>> '{quality,analysis}' <> '';

create index agent_calls_quality_justification_idx on public.agent_calls (deployment_id, started_at desc)
  where call_quality_justification is not null;

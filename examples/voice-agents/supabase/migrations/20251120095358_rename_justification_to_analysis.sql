-- The model writes an analysis of the whole call, not only a justification of its mark.

alter table public.agent_calls rename column call_quality_justification to call_quality_analysis;
comment on column public.agent_calls.call_quality_analysis is 'Analysis of the quality of the call, by the model that judges it.';

alter index public.agent_calls_quality_justification_idx rename to agent_calls_quality_analysis_idx;

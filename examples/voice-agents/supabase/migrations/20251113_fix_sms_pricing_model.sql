-- The dashboard showed as cost of a message what the provider charges us. Clients pay a price per segment, set for each deployment.

alter table public.agent_deployments
  add column cost_per_sms numeric(10, 4) not null default 0.0700;
comment on column public.agent_deployments.cost_per_sms is 'What the client pays for a segment of a text message, in euros.';

create or replace view public.v_agent_sms_daily with (security_invoker = true) as
select
  sms.deployment_id,
  deployment.client_id,
  sms.created_at::date as day,
  count(*) as sms_count,
  sum(sms.segments) as segment_count,
  count(*) filter (where sms.status = 'delivered') as delivered_count,
  count(*) filter (where sms.status = 'failed') as failed_count,
  coalesce(sum(sms.segments * deployment.cost_per_sms) filter (where sms.status <> 'failed'), 0) as total_cost,
  sum(sms.provider_cost) as provider_cost,
  coalesce(sum(sms.segments * deployment.cost_per_sms) filter (where sms.status <> 'failed'), 0) - sum(sms.provider_cost) as margin
from public.agent_sms sms
join public.agent_deployments deployment on deployment.id = sms.deployment_id
group by sms.deployment_id, deployment.client_id, sms.created_at::date;
comment on view public.v_agent_sms_daily is 'Text messages per deployment and day. total_cost is what the client pays; messages that failed are free.';

create or replace view public.v_client_sms_overview with (security_invoker = true) as
select
  daily.client_id,
  sum(daily.sms_count) as sms_count,
  round(100.0 * sum(daily.delivered_count) / sum(daily.sms_count), 1) as delivery_rate,
  sum(daily.total_cost) as total_cost,
  max(daily.day) as last_day,
  sum(daily.segment_count) as segment_count,
  sum(daily.margin) as margin
from public.v_agent_sms_daily daily
group by daily.client_id;

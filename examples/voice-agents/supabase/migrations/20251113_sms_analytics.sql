-- What the dashboard shows of text messages. Costs are those of the provider.

create view public.v_agent_sms_daily with (security_invoker = true) as
select
  sms.deployment_id,
  deployment.client_id,
  sms.created_at::date as day,
  count(*) as sms_count,
  sum(sms.segments) as segment_count,
  count(*) filter (where sms.status = 'delivered') as delivered_count,
  count(*) filter (where sms.status = 'failed') as failed_count,
  sum(sms.provider_cost) as total_cost
from public.agent_sms sms
join public.agent_deployments deployment on deployment.id = sms.deployment_id
group by sms.deployment_id, deployment.client_id, sms.created_at::date;
comment on view public.v_agent_sms_daily is 'Text messages per deployment and day.';

create view public.v_client_sms_overview with (security_invoker = true) as
select
  daily.client_id,
  sum(daily.sms_count) as sms_count,
  round(100.0 * sum(daily.delivered_count) / sum(daily.sms_count), 1) as delivery_rate,
  sum(daily.total_cost) as total_cost,
  max(daily.day) as last_day
from public.v_agent_sms_daily daily
group by daily.client_id;

create function public.get_sms_statistics(p_start_date date, p_end_date date, p_client_id uuid default null)
returns table (day date, sms_count bigint, delivered_count bigint, failed_count bigint, total_cost numeric)
language sql stable set search_path = ''
as $$
  select
    daily.day,
    sum(daily.sms_count)::bigint,
    sum(daily.delivered_count)::bigint,
    sum(daily.failed_count)::bigint,
    sum(daily.total_cost)
  from public.v_agent_sms_daily daily
  where daily.day between p_start_date and p_end_date
    and (p_client_id is null or daily.client_id = p_client_id)
  group by daily.day
  order by daily.day
$$;
comment on function public.get_sms_statistics(date, date, uuid) is 'Text messages per day, of one client or of all that the user may read.';

revoke all on public.v_agent_sms_daily, public.v_client_sms_overview from anon;
revoke execute on function public.get_sms_statistics(date, date, uuid) from public, anon;

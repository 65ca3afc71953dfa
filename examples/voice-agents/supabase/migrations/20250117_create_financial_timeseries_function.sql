-- The financial dashboard's only query: revenue per day, week or month, from calls, text messages and emails.
-- Needs cost_per_sms and cost_per_email: the date in this file's name is ten months too early.

create function public.get_financial_timeseries(
  p_start_date date,
  p_end_date date,
  p_granularity text default 'day',
  p_client_id uuid default null,
  p_deployment_id uuid default null,
  p_agent_type_name text default null
)
returns table (
  period date,
  call_revenue numeric,
  sms_revenue numeric,
  email_revenue numeric,
  total_revenue numeric,
  sms_provider_cost numeric,
  call_count bigint,
  sms_count bigint,
  email_count bigint
)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
  -- anon may not execute this; what is not a signed-in user is the service role or a direct connection.
  sees_all constant boolean := auth.role() is distinct from 'authenticated' or public.is_admin();
begin
  if p_granularity not in ('day', 'week', 'month') then
    raise exception 'granularity is day, week or month, not %', p_granularity using errcode = 'invalid_parameter_value';
  end if;

  return query
  with deployments as (
    select deployment.id, deployment.cost_per_minute, deployment.cost_per_sms, deployment.cost_per_email
    from public.agent_deployments deployment
    join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
    where (sees_all or public.has_client_access(deployment.client_id))
      and (p_client_id is null or deployment.client_id = p_client_id)
      and (p_deployment_id is null or deployment.id = p_deployment_id)
      and (p_agent_type_name is null or agent_type.name = p_agent_type_name)
  ), movements as (
    select
      call.started_at as moment, call.duration_seconds * deployment.cost_per_minute / 60 as calls, 0::numeric as sms, 0::numeric as emails, 0::numeric as paid,
      1 as call, 0 as message, 0 as email
    from public.agent_calls call
    join deployments deployment on deployment.id = call.deployment_id
    where call.started_at >= p_start_date and call.started_at < p_end_date + 1
    union all
    select sms.created_at, 0, case when sms.status <> 'failed' then sms.segments * deployment.cost_per_sms else 0 end, 0, sms.provider_cost, 0, 1, 0
    from public.agent_sms sms
    join deployments deployment on deployment.id = sms.deployment_id
    where sms.created_at >= p_start_date and sms.created_at < p_end_date + 1
    union all
    select email.created_at, 0, 0, case when email.status <> 'failed' then deployment.cost_per_email else 0 end, 0, 0, 0, 1
    from public.agent_emails email
    join deployments deployment on deployment.id = email.deployment_id
    where email.created_at >= p_start_date and email.created_at < p_end_date + 1
  )
  select
    date_trunc(p_granularity, movement.moment)::date,
    round(coalesce(sum(movement.calls), 0), 2),
    round(sum(movement.sms), 2),
    round(sum(movement.emails), 2),
    round(coalesce(sum(movement.calls), 0) + sum(movement.sms) + sum(movement.emails), 2),
    round(sum(movement.paid), 2),
    sum(movement.call)::bigint,
    sum(movement.message)::bigint,
    sum(movement.email)::bigint
  from movements movement
  group by 1
  order by 1;
end
$$;
comment on function public.get_financial_timeseries(date, date, text, uuid, uuid, text) is
  'Revenue per day, week or month; the last day is included. Users see the clients that they have access to.';

revoke execute on function public.get_financial_timeseries(date, date, text, uuid, uuid, text) from public, anon;

-- What the dashboard shows of emails.

create view public.v_agent_emails_daily with (security_invoker = true) as
select
  email.deployment_id,
  deployment.client_id,
  email.created_at::date as day,
  count(*) as email_count,
  count(*) filter (where email.status in ('delivered', 'opened')) as delivered_count,
  count(*) filter (where email.status = 'opened') as opened_count,
  count(*) filter (where email.status in ('bounced', 'failed')) as failed_count
from public.agent_emails email
join public.agent_deployments deployment on deployment.id = email.deployment_id
group by email.deployment_id, deployment.client_id, email.created_at::date;
comment on view public.v_agent_emails_daily is 'Emails per deployment and day.';

create function public.get_email_statistics(p_start_date date, p_end_date date, p_client_id uuid default null)
returns table (day date, email_count bigint, delivered_count bigint, opened_count bigint, failed_count bigint)
language sql stable set search_path = ''
as $$
  select
    daily.day,
    sum(daily.email_count)::bigint,
    sum(daily.delivered_count)::bigint,
    sum(daily.opened_count)::bigint,
    sum(daily.failed_count)::bigint
  from public.v_agent_emails_daily daily
  where daily.day between p_start_date and p_end_date
    and (p_client_id is null or daily.client_id = p_client_id)
  group by daily.day
  order by daily.day
$$;
comment on function public.get_email_statistics(date, date, uuid) is 'Emails per day, of one client or of all that the user may read.';

revoke all on public.v_agent_emails_daily from anon;
revoke execute on function public.get_email_statistics(date, date, uuid) from public, anon;

-- Row security of agent_emails, as for text messages: users read those of their clients, agents write with the service role.

revoke all on public.agent_emails from anon;
revoke insert, update, delete, truncate on public.agent_emails from authenticated;

create policy agent_emails_select on public.agent_emails for select to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_emails.deployment_id and public.has_client_access(deployment.client_id)));

grant update (metadata) on public.agent_emails to authenticated;
create policy agent_emails_annotate on public.agent_emails for update to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_emails.deployment_id and public.has_client_access(deployment.client_id, 'write')))
  with check (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_emails.deployment_id and public.has_client_access(deployment.client_id, 'write')));

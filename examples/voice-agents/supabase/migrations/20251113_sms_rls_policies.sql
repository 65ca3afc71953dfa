-- Row security of agent_sms: users read the messages of their clients; agents write with the service role, which bypasses policies.

revoke all on public.agent_sms from anon;
revoke insert, update, delete, truncate on public.agent_sms from authenticated;

create policy agent_sms_select on public.agent_sms for select to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_sms.deployment_id and public.has_client_access(deployment.client_id)));

-- A grant of its own, since the API's users may write no other column.
grant update (metadata) on public.agent_sms to authenticated;
create policy agent_sms_annotate on public.agent_sms for update to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_sms.deployment_id and public.has_client_access(deployment.client_id, 'write')))
  with check (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_sms.deployment_id and public.has_client_access(deployment.client_id, 'write')));

-- The schema as production had it on 13 November 2025, from which staging was made: clients, the voice agents deployed for them, their calls.

-- Who may do what -------------------------------------------------------------------------------------------------------------------------

create table public.user_profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  full_name text,
  global_role text not null default 'user' check (global_role in ('user', 'admin')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.user_profiles is 'One row for each user of the dashboard, made by a trigger when the user signs up.';

create table public.clients (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null unique check (slug ~ '^[a-z0-9-]+$'),
  industry text,
  status text not null default 'active' check (status in ('active', 'suspended', 'archived')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.clients is 'The companies for which agents are deployed.';

create table public.user_client_permissions (
  user_id uuid not null references auth.users (id) on delete cascade,
  client_id uuid not null references public.clients (id) on delete cascade,
  permission text not null default 'read' check (permission in ('read', 'write', 'admin')),
  granted_at timestamptz not null default now(),
  primary key (user_id, client_id)
);
create index user_client_permissions_client_idx on public.user_client_permissions (client_id);

-- Agents and their calls ------------------------------------------------------------------------------------------------------------------

create table public.agent_types (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  display_name text not null,
  description text
);
insert into public.agent_types (id, name, display_name, description) values
  ('a0000000-0000-4000-8000-000000000001', 'louis', 'Louis', 'Répond aux appels et prend les rendez-vous.'),
  ('a0000000-0000-4000-8000-000000000002', 'arthur', 'Arthur', 'Rappelle les prospects qui n''ont pas donné suite.');

create table public.agent_deployments (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references public.clients (id) on delete cascade,
  agent_type_id uuid not null references public.agent_types (id),
  name text not null,
  slug text not null,
  status text not null default 'active' check (status in ('active', 'paused', 'archived')),
  cost_per_minute numeric(10, 4) not null default 0.1900 check (cost_per_minute >= 0),
  deployed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (client_id, slug)
);
comment on column public.agent_deployments.cost_per_minute is 'What the client pays for a minute of conversation, in euros.';
create index agent_deployments_agent_type_idx on public.agent_deployments (agent_type_id);

create table public.agent_calls (
  id uuid primary key default gen_random_uuid(),
  deployment_id uuid not null references public.agent_deployments (id) on delete cascade,
  direction text not null default 'inbound' check (direction in ('inbound', 'outbound')),
  phone_number text,
  first_name text,
  last_name text,
  started_at timestamptz not null,
  ended_at timestamptz,
  duration_seconds integer check (duration_seconds >= 0),
  outcome text,
  transcript text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on column public.agent_calls.metadata is 'What the agent reports at the end of a call: model, latency of each stage, quality.';
create index agent_calls_deployment_idx on public.agent_calls (deployment_id, started_at desc);
create index agent_calls_started_at_idx on public.agent_calls (started_at);

create table public.arthur_prospects (
  id uuid primary key default gen_random_uuid(),
  deployment_id uuid not null references public.agent_deployments (id) on delete cascade,
  first_name text,
  phone_number text not null,
  status text not null default 'pending' check (status in ('pending', 'retry', 'interested', 'refused', 'exhausted')),
  attempts integer not null default 0 check (attempts >= 0),
  last_call_id uuid references public.agent_calls (id) on delete set null,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (deployment_id, phone_number)
);
comment on table public.arthur_prospects is 'Whom Arthur is to call back, and how far he got.';
create index arthur_prospects_due_idx on public.arthur_prospects (next_attempt_at) where status in ('pending', 'retry');
create index arthur_prospects_last_call_idx on public.arthur_prospects (last_call_id);

-- Functions -------------------------------------------------------------------------------------------------------------------------------

create function public.set_updated_at() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

-- Runs as its owner: whoever signs up has no right to write profiles.
create function public.handle_new_user() returns trigger
language plpgsql security definer
as $$
begin
  insert into public.user_profiles (id, full_name)
  values (new.id, coalesce(new.raw_user_meta_data ->> 'full_name', new.email))
  on conflict (id) do nothing;
  return new;
end
$$;

-- These two run as their owner, so that a policy can ask them without falling into the policies of the tables that they read.
create function public.is_admin() returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.user_profiles profile
    where profile.id = (select auth.uid()) and profile.global_role = 'admin'
  )
$$;
comment on function public.is_admin() is 'True when the user of this request is an administrator.';

create function public.has_client_access(p_client_id uuid, p_permission text default 'read') returns boolean
language sql stable security definer set search_path = ''
as $$
  select public.is_admin() or exists (
    select from public.user_client_permissions granted
    where granted.user_id = (select auth.uid())
      and granted.client_id = p_client_id
      and array_position(array['read', 'write', 'admin'], granted.permission) >= array_position(array['read', 'write', 'admin'], p_permission)
  )
$$;
comment on function public.has_client_access(uuid, text) is 'True when the user of this request may read, write or administer the client''s data.';

revoke execute on function public.is_admin(), public.has_client_access(uuid, text), public.handle_new_user(), public.set_updated_at() from public, anon;

create trigger user_profiles_updated before update on public.user_profiles for each row execute function public.set_updated_at();
create trigger clients_updated before update on public.clients for each row execute function public.set_updated_at();
create trigger agent_deployments_updated before update on public.agent_deployments for each row execute function public.set_updated_at();
create trigger arthur_prospects_updated before update on public.arthur_prospects for each row execute function public.set_updated_at();
create trigger on_auth_user_created after insert on auth.users for each row execute function public.handle_new_user();

-- Row security ----------------------------------------------------------------------------------------------------------------------------

alter table public.user_profiles enable row level security;
alter table public.clients enable row level security;
alter table public.user_client_permissions enable row level security;
alter table public.agent_types enable row level security;
alter table public.agent_deployments enable row level security;
alter table public.agent_calls enable row level security;
alter table public.arthur_prospects enable row level security;

revoke all on public.user_profiles, public.clients, public.user_client_permissions, public.agent_types, public.agent_deployments,
  public.agent_calls, public.arthur_prospects from anon;

create policy user_profiles_select on public.user_profiles for select to authenticated
  using (id = (select auth.uid()) or (select public.is_admin()));
create policy user_profiles_admin on public.user_profiles for all to authenticated
  using ((select public.is_admin())) with check ((select public.is_admin()));

create policy clients_select on public.clients for select to authenticated
  using (public.has_client_access(id));
create policy clients_update on public.clients for update to authenticated
  using (public.has_client_access(id, 'admin')) with check (public.has_client_access(id, 'admin'));

create policy user_client_permissions_select on public.user_client_permissions for select to authenticated
  using (user_id = (select auth.uid()) or public.has_client_access(client_id, 'admin'));
create policy user_client_permissions_admin on public.user_client_permissions for all to authenticated
  using (public.has_client_access(client_id, 'admin')) with check (public.has_client_access(client_id, 'admin'));

create policy agent_types_select on public.agent_types for select to authenticated
  using ((select auth.uid()) is not null);

create policy agent_deployments_select on public.agent_deployments for select to authenticated
  using (public.has_client_access(client_id));
create policy agent_deployments_write on public.agent_deployments for update to authenticated
  using (public.has_client_access(client_id, 'write')) with check (public.has_client_access(client_id, 'write'));

create policy agent_calls_select on public.agent_calls for select to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = agent_calls.deployment_id and public.has_client_access(deployment.client_id)));

create policy arthur_prospects_select on public.arthur_prospects for select to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = arthur_prospects.deployment_id and public.has_client_access(deployment.client_id)));
create policy arthur_prospects_write on public.arthur_prospects for all to authenticated
  using (exists (
    select from public.agent_deployments deployment
    where deployment.id = arthur_prospects.deployment_id and public.has_client_access(deployment.client_id, 'write')))
  with check (exists (
    select from public.agent_deployments deployment
    where deployment.id = arthur_prospects.deployment_id and public.has_client_access(deployment.client_id, 'write')));

-- Views of the dashboards -----------------------------------------------------------------------------------------------------------------

create view public.v_agent_calls_enriched as
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
  round(call.duration_seconds * deployment.cost_per_minute / 60, 4) as billed_cost
from public.agent_calls call
join public.agent_deployments deployment on deployment.id = call.deployment_id
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
join public.clients client on client.id = deployment.client_id;
comment on view public.v_agent_calls_enriched is 'Every call with its deployment, its client and what it is billed.';

create view public.v_client_overview as
select
  client.id as client_id,
  client.name as client_name,
  client.status,
  count(distinct deployment.id) as deployment_count,
  count(call.id) as call_count,
  max(call.started_at) as last_call_at
from public.clients client
left join public.agent_deployments deployment on deployment.client_id = client.id
left join public.agent_calls call on call.deployment_id = deployment.id
group by client.id;

create view public.v_louis_performance as
select
  deployment.id as deployment_id,
  deployment.client_id,
  call.started_at::date as day,
  count(*) as call_count,
  count(*) filter (where call.outcome = 'appointment') as appointment_count,
  count(*) filter (where call.outcome = 'transferred') as transferred_count,
  round(avg(call.duration_seconds), 1) as avg_duration_seconds
from public.agent_calls call
join public.agent_deployments deployment on deployment.id = call.deployment_id
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
where agent_type.name = 'louis'
group by deployment.id, call.started_at::date;
comment on view public.v_louis_performance is 'Dashboard of Louis: calls and appointments per deployment and day.';

create view public.v_louis_outcomes as
select deployment.id as deployment_id, deployment.client_id, coalesce(call.outcome, 'unknown') as outcome, count(*) as call_count
from public.agent_calls call
join public.agent_deployments deployment on deployment.id = call.deployment_id
join public.agent_types agent_type on agent_type.id = deployment.agent_type_id
where agent_type.name = 'louis'
group by deployment.id, coalesce(call.outcome, 'unknown');

create view public.v_arthur_overview as
select
  deployment.id as deployment_id,
  deployment.client_id,
  count(*) as prospect_count,
  count(*) filter (where prospect.status in ('pending', 'retry')) as waiting_count,
  count(*) filter (where prospect.status = 'interested') as interested_count,
  count(*) filter (where prospect.status = 'refused') as refused_count,
  sum(prospect.attempts) as attempt_count
from public.arthur_prospects prospect
join public.agent_deployments deployment on deployment.id = prospect.deployment_id
group by deployment.id;
comment on view public.v_arthur_overview is 'Dashboard of Arthur: how far the prospects of each deployment are.';

create view public.v_arthur_next_batch as
select prospect.id, prospect.deployment_id, deployment.client_id, prospect.first_name, prospect.phone_number, prospect.attempts, prospect.next_attempt_at
from public.arthur_prospects prospect
join public.agent_deployments deployment on deployment.id = prospect.deployment_id
where deployment.status = 'active' and prospect.status in ('pending', 'retry') and prospect.next_attempt_at <= now()
order by prospect.next_attempt_at;

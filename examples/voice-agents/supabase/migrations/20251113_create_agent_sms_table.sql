-- The text messages that agents send: confirmations of appointments, links, follow-ups of a call.

create table public.agent_sms (
  id uuid primary key default gen_random_uuid(),
  deployment_id uuid not null references public.agent_deployments (id) on delete cascade,
  call_id uuid references public.agent_calls (id) on delete set null,
  recipient text not null,
  content text not null,
  segments integer not null default 1 check (segments > 0),
  status text not null default 'queued' check (status in ('queued', 'sent', 'delivered', 'failed')),
  provider text not null default 'twilio',
  provider_message_id text unique,
  provider_cost numeric(10, 4) not null default 0 check (provider_cost >= 0),
  error_message text,
  metadata jsonb not null default '{}',
  sent_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.agent_sms is 'Text messages sent by the agents, during a call or after it.';
comment on column public.agent_sms.segments is 'Parts of at most 160 characters (70 with accents outside GSM 03.38), each of which the provider charges.';
comment on column public.agent_sms.provider_cost is 'What the provider charges us for the whole message, in euros.';

create index agent_sms_deployment_idx on public.agent_sms (deployment_id, created_at desc);
create index agent_sms_call_idx on public.agent_sms (call_id) where call_id is not null;
create index agent_sms_failed_idx on public.agent_sms (created_at) where status = 'failed';

create trigger agent_sms_updated before update on public.agent_sms for each row execute function public.set_updated_at();

-- Nobody reads it through the API until there are policies.
alter table public.agent_sms enable row level security;

-- The emails that agents send after a call: confirmations, brochures, follow-ups. (The first version never got past review.)

create table public.agent_emails (
  id uuid primary key default gen_random_uuid(),
  deployment_id uuid not null references public.agent_deployments (id) on delete cascade,
  call_id uuid references public.agent_calls (id) on delete set null,
  recipient text not null check (recipient like '%_@_%'),
  subject text not null,
  template text,
  body text,
  status text not null default 'queued' check (status in ('queued', 'sent', 'delivered', 'opened', 'bounced', 'failed')),
  provider text not null default 'resend',
  provider_message_id text unique,
  error_message text,
  metadata jsonb not null default '{}',
  sent_at timestamptz,
  opened_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.agent_emails is 'Emails sent by the agents, during a call or after it.';

create index agent_emails_deployment_idx on public.agent_emails (deployment_id, created_at desc);
create index agent_emails_call_idx on public.agent_emails (call_id) where call_id is not null;
create index agent_emails_status_idx on public.agent_emails (status, created_at);

create trigger agent_emails_updated before update on public.agent_emails for each row execute function public.set_updated_at();

-- Nobody reads it through the API until there are policies.
alter table public.agent_emails enable row level security;

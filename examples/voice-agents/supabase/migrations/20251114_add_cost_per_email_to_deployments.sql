-- The price of an email, beside those of a minute and of a text message.

alter table public.agent_deployments
  add column cost_per_email numeric(10, 4) not null default 0.0200;
comment on column public.agent_deployments.cost_per_email is 'What the client pays for an email, in euros.';

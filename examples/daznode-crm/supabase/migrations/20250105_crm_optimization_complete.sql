-- The CRM's optimization with crm_email_sends in one partition for each month. The former table stays as crm_email_sends_backup.
-- Statement by statement: no lock is held longer than one of them takes, and indexes are built while everybody works.
-- eclusier: no-transaction

\ir ../crm/index_sends.sql
\ir ../crm/merge_users.sql
\ir ../crm/tighten.sql
\ir ../crm/segments.sql
\ir ../crm/row_security.sql

-- Eclusier does this part online. Any other tool does as follows, and nobody may write e-mails meanwhile.
-- eclusier: partition crm_email_sends
alter table public.crm_email_sends rename to crm_email_sends_backup;
alter index public.crm_email_sends_pkey rename to crm_email_sends_pkey_backup;
alter index public.crm_email_sends_campaign_idx rename to crm_email_sends_campaign_idx_backup;
alter index public.idx_crm_email_sends_profile_sent rename to idx_crm_email_sends_profile_sent_backup;
alter index public.idx_crm_email_sends_campaign_status rename to idx_crm_email_sends_campaign_status_backup;
alter index public.idx_crm_email_sends_failures rename to idx_crm_email_sends_failures_backup;

create table public.crm_email_sends (like public.crm_email_sends_backup including defaults including constraints including comments, primary key (id, sent_at))
  partition by range (sent_at);
alter table public.crm_email_sends enable row level security;
create policy crm_email_sends_select on public.crm_email_sends for select to authenticated using (profile_id = (select auth.uid()) or (select public.is_admin_user()));
create policy crm_email_sends_admin on public.crm_email_sends for all to authenticated using ((select public.is_admin_user())) with check ((select public.is_admin_user()));

do $$
declare
  month timestamp;
  name text;
begin
  for month in
    select generate_series(date_trunc('month', min(sent_at) at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + interval '3 months', interval '1 month')
    from public.crm_email_sends_backup
  loop
    name := to_char(month, '"crm_email_sends_"YYYY_MM');
    execute format('create table public.%I partition of public.crm_email_sends for values from (%L) to (%L)', name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
    -- The API shows every table of public; the policies of the whole do not hold for who asks a part by its name.
    execute format('alter table public.%I enable row level security', name);
  end loop;
end
$$;
create table public.crm_email_sends_default partition of public.crm_email_sends default;
alter table public.crm_email_sends_default enable row level security;

insert into public.crm_email_sends select * from public.crm_email_sends_backup;

create index crm_email_sends_campaign_idx on public.crm_email_sends (campaign_id);
create index idx_crm_email_sends_profile_sent on public.crm_email_sends (profile_id, sent_at desc);
create index idx_crm_email_sends_campaign_status on public.crm_email_sends (campaign_id, status);
create index idx_crm_email_sends_failures on public.crm_email_sends (campaign_id, sent_at) where status in ('bounced', 'failed');
alter table public.crm_email_sends add constraint crm_email_sends_campaign_fkey foreign key (campaign_id) references public.crm_campaigns (id);
alter table public.crm_email_sends add constraint crm_email_sends_profile_fkey foreign key (profile_id) references public.profiles (id) on delete set null;
-- eclusier: end partition

\ir ../crm/statistics.sql
\ir ../crm/maintenance.sql

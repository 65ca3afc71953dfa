-- What readers of e-mails ask: one person's, one campaign's by outcome, and the failures, which are few.
create index concurrently idx_crm_email_sends_profile_sent on public.crm_email_sends (profile_id, sent_at desc);
create index concurrently idx_crm_email_sends_campaign_status on public.crm_email_sends (campaign_id, status);
create index concurrently idx_crm_email_sends_failures on public.crm_email_sends (campaign_id, sent_at) where status in ('bounced', 'failed');

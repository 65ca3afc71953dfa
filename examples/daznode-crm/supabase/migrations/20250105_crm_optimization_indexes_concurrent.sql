-- Indexes of the administration, each built while everybody works. One at a time, never in a transaction.

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_profiles_crm_advanced_segmentation 
ON public.profiles(email_verified, created_at, t4g_tokens, pubkey) 
WHERE email_verified = true AND pubkey IS NOT NULL;

create index concurrently idx_profiles_t4g_tokens on public.profiles (t4g_tokens desc) where t4g_tokens > 0;
create index concurrently idx_profiles_created_at on public.profiles (created_at desc);
create index concurrently idx_contacts_profile on public.contacts (profile_id);
create index concurrently idx_crm_segment_members_profile on public.crm_segment_members (profile_id);
create index concurrently idx_crm_campaigns_status_sent on public.crm_campaigns (status, sent_at desc);
create index concurrently idx_crm_campaigns_segment on public.crm_campaigns (segment_id) where segment_id is not null;

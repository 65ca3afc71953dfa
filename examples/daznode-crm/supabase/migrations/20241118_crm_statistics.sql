-- What the administration shows: each figure is counted anew, for every reader.

create view public.crm_segments_overview with (security_invoker = true) as
select
  segment.id,
  segment.name,
  segment.criteria is not null as automatic,
  (select count(distinct member.profile_id) from public.crm_segment_members member where member.segment_id = segment.id) as members,
  (select count(distinct member.profile_id) from public.crm_segment_members member join public.profiles person on person.id = member.profile_id
    where member.segment_id = segment.id and person.email_verified) as verified_members,
  (select coalesce(sum(person.t4g_tokens), 0) from public.profiles person
    where person.id in (select member.profile_id from public.crm_segment_members member where member.segment_id = segment.id)) as t4g_tokens,
  (select count(*) from public.crm_email_sends send where send.sent_at >= now() - interval '90 days'
    and send.profile_id in (select member.profile_id from public.crm_segment_members member where member.segment_id = segment.id)) as emails_90_days,
  (select count(*) from public.crm_email_sends send where send.sent_at >= now() - interval '90 days' and send.opened_at is not null
    and send.profile_id in (select member.profile_id from public.crm_segment_members member where member.segment_id = segment.id)) as opened_90_days
from public.crm_segments segment;

create view public.crm_campaigns_overview with (security_invoker = true) as
select
  campaign.id,
  campaign.segment_id,
  campaign.name,
  campaign.status,
  campaign.sent_at,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id) as sent,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id and send.status not in ('bounced', 'failed')) as delivered,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id and send.opened_at is not null) as opened,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id and send.clicked_at is not null) as clicked,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id and send.status in ('bounced', 'failed')) as failed,
  (select count(distinct send.profile_id) from public.crm_email_sends send where send.campaign_id = campaign.id) as people,
  (select count(distinct send.profile_id) from public.crm_email_sends send where send.campaign_id = campaign.id and send.opened_at is not null) as readers,
  (select count(*) from public.crm_email_sends send where send.campaign_id = campaign.id and send.opened_at < send.sent_at + interval '1 day') as opened_first_day,
  (select percentile_cont(0.5) within group (order by send.opened_at - send.sent_at) from public.crm_email_sends send where send.campaign_id = campaign.id) as median_time_to_open
from public.crm_campaigns campaign;

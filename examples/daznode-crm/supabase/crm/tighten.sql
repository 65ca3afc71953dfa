-- Constraints on live data in three steps: NOT VALID holds for what is written from now on, the clean-up mends what is there, VALIDATE proves it
-- under a lock that lets reads and writes through.

alter table public.profiles add constraint profiles_email_valid check (public.is_valid_email(email)) not valid;
alter table public.profiles add constraint profiles_pubkey_valid check (public.is_valid_lightning_pubkey(pubkey)) not valid;
alter table public.profiles add constraint profiles_tokens_not_negative check (t4g_tokens >= 0) not valid;
alter table public.contacts add constraint contacts_email_valid check (public.is_valid_email(email)) not valid;
alter table public.contacts add constraint contacts_profile_fkey foreign key (profile_id) references public.profiles (id) on delete cascade not valid;
alter table public.crm_segment_members add constraint crm_segment_members_segment_fkey foreign key (segment_id) references public.crm_segments (id) on delete cascade not valid;
alter table public.crm_segment_members add constraint crm_segment_members_profile_fkey foreign key (profile_id) references public.profiles (id) on delete cascade not valid;
alter table public.crm_campaigns add constraint crm_campaigns_segment_fkey foreign key (segment_id) references public.crm_segments (id) on delete set null not valid;
alter table public.crm_email_sends add constraint crm_email_sends_campaign_fkey foreign key (campaign_id) references public.crm_campaigns (id) not valid;
alter table public.crm_email_sends add constraint crm_email_sends_profile_fkey foreign key (profile_id) references public.profiles (id) on delete set null not valid;

-- The clean-up, which keeps in crm_private.removed_records what it takes out ----------------------------------------------------------------

select fault, removed from public.cleanup_orphaned_records();

-- Both columns in one go: the constraints hold for every row that is written.
with
  mended as materialized (
    select id, email, pubkey,
      case when public.is_valid_email(lower(btrim(email))) then lower(btrim(email)) end as right_email,
      case when public.is_valid_lightning_pubkey(lower(btrim(pubkey))) then lower(btrim(pubkey)) end as right_pubkey
    from public.profiles
    where not public.is_valid_email(email) or not public.is_valid_lightning_pubkey(pubkey)),
  changed as (
    update public.profiles person set email = right_email, pubkey = right_pubkey, email_verified = person.email_verified and right_email is not null
    from mended where person.id = mended.id)
insert into crm_private.removed_records (table_name, fault, record)
select 'profiles', 'invalid_emails', jsonb_build_object('id', id, 'email', email) from mended where email is not null and right_email is null
union all
select 'profiles', 'invalid_pubkeys', jsonb_build_object('id', id, 'pubkey', pubkey) from mended where pubkey is not null and right_pubkey is null;

with
  mended as materialized (
    select id, email, case when public.is_valid_email(lower(btrim(email))) then lower(btrim(email)) end as right_email
    from public.contacts where not public.is_valid_email(email)),
  changed as (
    update public.contacts contact set email = right_email from mended where contact.id = mended.id)
insert into crm_private.removed_records (table_name, fault, record)
select 'contacts', 'invalid_contact_emails', jsonb_build_object('id', id, 'email', email) from mended where right_email is null;

with ranked as (
    select id, row_number() over (partition by segment_id, profile_id order by added_at, id) as place from public.crm_segment_members),
  removed as (
    delete from public.crm_segment_members member using ranked where member.id = ranked.id and ranked.place > 1
    returning to_jsonb(member) as record)
insert into crm_private.removed_records (table_name, fault, record)
select 'crm_segment_members', 'duplicate_members', record from removed;

-- Of those who signed up twice, the verified profile stays, or the oldest; it gets the other's tokens, key, e-mails, contacts and segments.
with
  ranked as (
    select id, first_value(id) over (partition by email order by email_verified desc, created_at, id) as stays from public.profiles where public.is_valid_email(email)),
  duplicate as materialized (
    select person.*, ranked.stays from ranked join public.profiles person on person.id = ranked.id where ranked.id <> ranked.stays),
  gathered as (
    select stays, sum(t4g_tokens)::integer as t4g_tokens, min(pubkey) as pubkey from duplicate group by stays),
  merged as (
    update public.profiles person set t4g_tokens = person.t4g_tokens + gathered.t4g_tokens, pubkey = coalesce(person.pubkey, gathered.pubkey)
    from gathered where person.id = gathered.stays),
  sends as (
    update public.crm_email_sends send set profile_id = duplicate.stays from duplicate where send.profile_id = duplicate.id),
  contacts as (
    update public.contacts contact set profile_id = duplicate.stays from duplicate where contact.profile_id = duplicate.id),
  members as (
    update public.crm_segment_members member set profile_id = missing.stays
    from (
      select min(own.id) as id, duplicate.stays
      from public.crm_segment_members own join duplicate on duplicate.id = own.profile_id
      where not exists (select from public.crm_segment_members other where other.segment_id = own.segment_id and other.profile_id = duplicate.stays)
      group by own.segment_id, duplicate.stays) missing
    where member.id = missing.id)
insert into crm_private.removed_records (table_name, fault, record)
select 'profiles', 'duplicate_profiles', to_jsonb(duplicate) from duplicate;

delete from public.profiles person
using crm_private.removed_records removed
where removed.fault = 'duplicate_profiles' and person.id = (removed.record ->> 'id')::uuid;

-- The proof --------------------------------------------------------------------------------------------------------------------------------

alter table public.profiles validate constraint profiles_email_valid;
alter table public.profiles validate constraint profiles_pubkey_valid;
alter table public.profiles validate constraint profiles_tokens_not_negative;
alter table public.contacts validate constraint contacts_email_valid;
alter table public.contacts validate constraint contacts_profile_fkey;
alter table public.crm_segment_members validate constraint crm_segment_members_segment_fkey;
alter table public.crm_segment_members validate constraint crm_segment_members_profile_fkey;
alter table public.crm_campaigns validate constraint crm_campaigns_segment_fkey;
alter table public.crm_email_sends validate constraint crm_email_sends_campaign_fkey;
alter table public.crm_email_sends validate constraint crm_email_sends_profile_fkey;

create unique index concurrently profiles_email_key on public.profiles (lower(email));
create unique index concurrently crm_segment_members_once on public.crm_segment_members (segment_id, profile_id);
alter table public.crm_segment_members add constraint crm_segment_members_once unique using index crm_segment_members_once;

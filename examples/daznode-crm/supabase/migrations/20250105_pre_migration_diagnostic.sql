-- Step 1 of the guide, the diagnostic, and step 2, the clean-up of records whose parents are gone. Running this file changes no row. Later:
--   select * from run_pre_migration_diagnostic();
--   select * from cleanup_orphaned_records();

-- What the API does not see.
create schema crm_private;
comment on schema crm_private is 'Workings of the CRM, out of the API''s reach.';

create table crm_private.removed_records (
  id bigint generated always as identity primary key,
  table_name text not null,
  fault text not null,
  record jsonb not null,
  removed_at timestamptz not null default now()
);
alter table crm_private.removed_records enable row level security;
comment on table crm_private.removed_records is 'What clean-ups took out, as it was.';

-- What is valid ----------------------------------------------------------------------------------------------------------------------------

create function public.is_valid_email(address text) returns boolean
language sql immutable parallel safe
as $$ select address ~ '^[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$' $$;
comment on function public.is_valid_email(text) is 'In lower case, and with a domain.';

create function public.is_valid_lightning_pubkey(pubkey text) returns boolean
language sql immutable parallel safe
as $$ select pubkey ~ '^0[23][0-9a-f]{64}$' $$;
comment on function public.is_valid_lightning_pubkey(text) is 'A compressed point of secp256k1, as Lightning nodes write their ids.';

-- Orphans ----------------------------------------------------------------------------------------------------------------------------------

-- Accounts that have no profile yet get one: who is there only is known all the same.
create view crm_private.people with (security_invoker = true) as
select id from public.profiles
union
select id from public.users;

create function crm_private.orphaned_sends() returns table (id uuid, fault text)
language sql stable
as $$
  select send.id, case when campaign.id is null then 'sends_without_campaign' else 'sends_without_person' end
  from public.crm_email_sends send
  left join public.crm_campaigns campaign on campaign.id = send.campaign_id
  left join crm_private.people person on person.id = send.profile_id
  where campaign.id is null or person.id is null and send.profile_id is not null
$$;

create function crm_private.orphaned_members() returns table (id bigint, fault text)
language sql stable
as $$
  select member.id, case when segment.id is null then 'members_without_segment' else 'members_without_person' end
  from public.crm_segment_members member
  left join public.crm_segments segment on segment.id = member.segment_id
  left join crm_private.people person on person.id = member.profile_id
  where segment.id is null or person.id is null
$$;

create function crm_private.orphaned_contacts() returns table (id uuid, fault text)
language sql stable
as $$
  select contact.id, 'contacts_without_person'
  from public.contacts contact
  where not exists (select from crm_private.people person where person.id = contact.profile_id)
$$;

create function crm_private.orphaned_campaigns() returns table (id uuid, fault text)
language sql stable
as $$
  select campaign.id, 'campaigns_without_segment'
  from public.crm_campaigns campaign
  where campaign.segment_id is not null and not exists (select from public.crm_segments segment where segment.id = campaign.segment_id)
$$;

-- Deletes what has no parent; a campaign stays, without its segment. What goes is kept in crm_private.removed_records.
create function public.cleanup_orphaned_records() returns table (fault text, removed bigint)
language sql
as $$
  with
    sends as (
      delete from public.crm_email_sends send using crm_private.orphaned_sends() orphan where send.id = orphan.id
      returning 'crm_email_sends' as table_name, orphan.fault, to_jsonb(send) as record),
    members as (
      delete from public.crm_segment_members member using crm_private.orphaned_members() orphan where member.id = orphan.id
      returning 'crm_segment_members', orphan.fault, to_jsonb(member)),
    contacts as (
      delete from public.contacts contact using crm_private.orphaned_contacts() orphan where contact.id = orphan.id
      returning 'contacts', orphan.fault, to_jsonb(contact)),
    lost_segments as materialized (
      select campaign.id, orphan.fault, jsonb_build_object('id', campaign.id, 'segment_id', campaign.segment_id) as record
      from public.crm_campaigns campaign join crm_private.orphaned_campaigns() orphan on orphan.id = campaign.id),
    campaigns as (
      update public.crm_campaigns campaign set segment_id = null from lost_segments where campaign.id = lost_segments.id
      returning 'crm_campaigns', lost_segments.fault, lost_segments.record),
    kept as (
      insert into crm_private.removed_records (table_name, fault, record)
      select * from sends union all select * from members union all select * from contacts union all select * from campaigns
      returning fault)
  select kept.fault, count(*) from kept group by kept.fault order by kept.fault
$$;
comment on function public.cleanup_orphaned_records() is 'Takes out records whose parents are gone, and says how many of each kind.';

-- The diagnostic ---------------------------------------------------------------------------------------------------------------------------

create function crm_private.find_faults() returns table (fault text, records bigint, recommendation text)
language plpgsql stable
as $$
begin
  return query
    select expected.fault, count(orphan.fault), 'select * from cleanup_orphaned_records();'
    from (values ('sends_without_campaign'), ('sends_without_person'), ('members_without_segment'), ('members_without_person'), ('contacts_without_person'), ('campaigns_without_segment')) expected (fault)
    left join (
      select sends.fault from crm_private.orphaned_sends() sends
      union all select members.fault from crm_private.orphaned_members() members
      union all select contacts.fault from crm_private.orphaned_contacts() contacts
      union all select campaigns.fault from crm_private.orphaned_campaigns() campaigns
    ) orphan on orphan.fault = expected.fault
    group by expected.fault;
  return query
    select 'duplicate_members', count(*) - count(distinct (member.segment_id, member.profile_id)), 'The migration keeps the oldest of each.'
    from public.crm_segment_members member;
  return query
    select 'duplicate_profiles', count(*) - count(distinct lower(btrim(person.email))), 'The migration merges them into the verified or oldest one.'
    from public.profiles person where public.is_valid_email(lower(btrim(person.email)));
  return query
    select unnest(array['emails_to_normalize', 'invalid_emails', 'pubkeys_to_normalize', 'invalid_pubkeys']),
      unnest(array[
        count(*) filter (where not public.is_valid_email(person.email) and public.is_valid_email(lower(btrim(person.email)))),
        count(*) filter (where not public.is_valid_email(lower(btrim(person.email)))),
        count(*) filter (where not public.is_valid_lightning_pubkey(person.pubkey) and public.is_valid_lightning_pubkey(lower(btrim(person.pubkey)))),
        count(*) filter (where not public.is_valid_lightning_pubkey(lower(btrim(person.pubkey))))]),
      unnest(array[
        'The migration writes them in lower case, without blanks.',
        'Ask their owners; the migration keeps them apart and leaves them empty.',
        'The migration writes them in lower case, without blanks.',
        'Ask their owners; the migration keeps them apart and leaves them empty.'])
    from public.profiles person;
  return query
    select 'invalid_contact_emails', count(*), 'The migration keeps them apart and leaves them empty.'
    from public.contacts contact where not public.is_valid_email(lower(btrim(contact.email)));
  if to_regclass('public.users') is not null then
    return query
      select 'users_without_profile', count(*), 'The migration makes their profiles.'
      from public.users account where not exists (select from public.profiles person where person.id = account.id);
    return query
      select 'pubkeys_only_in_users', count(*), 'The migration copies them to the profiles.'
      from public.users account join public.profiles person on person.id = account.id where account.pubkey is not null and person.pubkey is null;
  else
    return query select unnest(array['users_without_profile', 'pubkeys_only_in_users']), 0::bigint, null;
  end if;
end
$$;

create function public.run_pre_migration_diagnostic() returns table (check_name text, status text, count bigint, recommendation text)
language sql stable
as $$
  select fault, case when records = 0 then 'OK' else 'WARNING' end, records, case when records > 0 then recommendation end
  from crm_private.find_faults()
  union all
  select 'missing_tables', case when count(*) = 0 then 'OK' else 'ERROR' end, count(*), case when count(*) > 0 then 'Apply the earlier migrations first: ' || string_agg(wanted, ', ') end
  from unnest(array['profiles', 'contacts', 'crm_segments', 'crm_segment_members', 'crm_campaigns', 'crm_email_sends']) wanted
  where to_regclass('public.' || wanted) is null
  union all
  select 'invalid_indexes', case when count(*) = 0 then 'OK' else 'ERROR' end, count(*), case when count(*) > 0 then 'Drop or rebuild: ' || string_agg(indexrelid::regclass::text, ', ') end
  from pg_index where not indisvalid
  union all
  select 'long_transactions', case when count(*) = 0 then 'OK' else 'WARNING' end, count(*), case when count(*) > 0 then 'Locks would wait for these processes: ' || string_agg(pid::text, ', ') end
  from pg_stat_activity where xact_start < now() - interval '5 minutes' and datname = current_database() and pid <> pg_backend_pid()
$$;
comment on function public.run_pre_migration_diagnostic() is 'What stands in the way of the migration: check, status (OK, WARNING, ERROR), count, recommendation.';

revoke execute on function public.cleanup_orphaned_records(), public.run_pre_migration_diagnostic() from public, anon, authenticated;

-- For whoever runs this file with psql.
select check_name, status, count, recommendation from public.run_pre_migration_diagnostic();

-- Segments keep themselves up to date: automatic ones take people in and let them go as they change, and each knows how many it has.

alter table public.crm_segments add column member_count bigint not null default 0;

create function crm_private.count_segment_members() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op in ('DELETE', 'UPDATE') then
    update public.crm_segments segment set member_count = segment.member_count - gone.members
    from (select segment_id, count(*) as members from old_members group by segment_id) gone
    where segment.id = gone.segment_id;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    update public.crm_segments segment set member_count = segment.member_count + come.members
    from (select segment_id, count(*) as members from new_members group by segment_id) come
    where segment.id = come.segment_id;
  end if;
  return null;
end
$$;

create trigger crm_segment_members_come after insert on public.crm_segment_members
  referencing new table as new_members for each statement execute function crm_private.count_segment_members();
create trigger crm_segment_members_go after delete on public.crm_segment_members
  referencing old table as old_members for each statement execute function crm_private.count_segment_members();
create trigger crm_segment_members_move after update on public.crm_segment_members
  referencing old table as old_members new table as new_members for each statement execute function crm_private.count_segment_members();

create function crm_private.place_person() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.crm_segment_members member using public.crm_segments segment
  where member.profile_id = new.id and segment.id = member.segment_id and segment.criteria is not null and not public.crm_segment_matches(segment.criteria, new);
  insert into public.crm_segment_members (segment_id, profile_id)
  select segment.id, new.id from public.crm_segments segment
  where segment.criteria is not null and public.crm_segment_matches(segment.criteria, new)
  on conflict on constraint crm_segment_members_once do nothing;
  return null;
end
$$;

create trigger profiles_placed after insert or update of email_verified, pubkey, t4g_tokens, created_at on public.profiles
  for each row execute function crm_private.place_person();

create function crm_private.fill_segment() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.crm_segment_members member using public.profiles person
  where member.segment_id = new.id and person.id = member.profile_id and not public.crm_segment_matches(new.criteria, person);
  insert into public.crm_segment_members (segment_id, profile_id)
  select new.id, person.id from public.profiles person where public.crm_segment_matches(new.criteria, person)
  on conflict on constraint crm_segment_members_once do nothing;
  return null;
end
$$;

create trigger crm_segments_filled_when_made after insert on public.crm_segments
  for each row when (new.criteria is not null) execute function crm_private.fill_segment();
create trigger crm_segments_filled after update of criteria on public.crm_segments
  for each row when (new.criteria is not null and new.criteria is distinct from old.criteria) execute function crm_private.fill_segment();

-- What changed before the triggers were there: whoever came from users, or lost a key that was none.
delete from public.crm_segment_members member using public.crm_segments segment, public.profiles person
where segment.id = member.segment_id and person.id = member.profile_id and segment.criteria is not null and not public.crm_segment_matches(segment.criteria, person);
insert into public.crm_segment_members (segment_id, profile_id)
select segment.id, person.id
from public.crm_segments segment join public.profiles person on public.crm_segment_matches(segment.criteria, person)
where segment.criteria is not null
on conflict on constraint crm_segment_members_once do nothing;
do $$
begin
  -- Whoever comes meanwhile would be counted twice, or not at all.
  lock table public.crm_segment_members in share mode;
  update public.crm_segments segment set member_count = (select count(*) from public.crm_segment_members member where member.segment_id = segment.id);
end
$$;

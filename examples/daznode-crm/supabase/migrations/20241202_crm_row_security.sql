-- Who sees what. The server asks is_admin_user() anew for every row.

create function public.is_admin_user() returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  return exists (select from public.profiles person where person.id = auth.uid() and person.role = 'admin');
end
$$;
comment on function public.is_admin_user() is 'True when the user of this request is an administrator.';

alter table public.users enable row level security;
alter table public.profiles enable row level security;
alter table public.contacts enable row level security;
alter table public.crm_segments enable row level security;
alter table public.crm_segment_members enable row level security;
alter table public.crm_campaigns enable row level security;
alter table public.crm_email_sends enable row level security;

create policy users_select on public.users for select to authenticated using (id = auth.uid() or public.is_admin_user());
create policy profiles_select on public.profiles for select to authenticated using (id = auth.uid() or public.is_admin_user());
create policy profiles_admin on public.profiles for all to authenticated using (public.is_admin_user()) with check (public.is_admin_user());
create policy contacts_own on public.contacts for all to authenticated using (profile_id = auth.uid() or public.is_admin_user()) with check (profile_id = auth.uid() or public.is_admin_user());
create policy crm_segments_admin on public.crm_segments for all to authenticated using (public.is_admin_user()) with check (public.is_admin_user());
create policy crm_segment_members_admin on public.crm_segment_members for all to authenticated using (public.is_admin_user()) with check (public.is_admin_user());
create policy crm_campaigns_admin on public.crm_campaigns for all to authenticated using (public.is_admin_user()) with check (public.is_admin_user());
create policy crm_email_sends_select on public.crm_email_sends for select to authenticated using (profile_id = auth.uid() or public.is_admin_user());
create policy crm_email_sends_admin on public.crm_email_sends for all to authenticated using (public.is_admin_user()) with check (public.is_admin_user());

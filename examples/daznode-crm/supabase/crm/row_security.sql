-- The same rows for everybody as before, asked for once in each query: (select …) lets the planner keep the answer.

create or replace function public.is_admin_user() returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select from public.profiles person where person.id = (select auth.uid()) and person.role = 'admin') $$;

alter policy profiles_select on public.profiles using (id = (select auth.uid()) or (select public.is_admin_user()));
alter policy profiles_admin on public.profiles using ((select public.is_admin_user())) with check ((select public.is_admin_user()));
alter policy contacts_own on public.contacts using (profile_id = (select auth.uid()) or (select public.is_admin_user())) with check (profile_id = (select auth.uid()) or (select public.is_admin_user()));
alter policy crm_segments_admin on public.crm_segments using ((select public.is_admin_user())) with check ((select public.is_admin_user()));
alter policy crm_segment_members_admin on public.crm_segment_members using ((select public.is_admin_user())) with check ((select public.is_admin_user()));
alter policy crm_campaigns_admin on public.crm_campaigns using ((select public.is_admin_user())) with check ((select public.is_admin_user()));
alter policy crm_email_sends_select on public.crm_email_sends using (profile_id = (select auth.uid()) or (select public.is_admin_user()));
alter policy crm_email_sends_admin on public.crm_email_sends using ((select public.is_admin_user())) with check ((select public.is_admin_user()));

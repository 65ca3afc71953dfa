-- Arthur's views.

alter view public.v_arthur_overview set (security_invoker = true);
alter view public.v_arthur_next_batch set (security_invoker = true);
revoke all on public.v_arthur_overview, public.v_arthur_next_batch from anon;

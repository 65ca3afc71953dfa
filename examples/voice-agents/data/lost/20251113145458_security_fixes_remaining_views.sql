-- The dashboard works: the other views and functions, except Arthur's.

alter view public.v_client_overview set (security_invoker = true);
alter view public.v_louis_performance set (security_invoker = true);
alter view public.v_louis_outcomes set (security_invoker = true);
alter view public.v_louis_sentiments set (security_invoker = true);
revoke all on public.v_client_overview, public.v_louis_performance, public.v_louis_outcomes, public.v_louis_sentiments from anon;

alter function public.handle_new_user() set search_path = '';
alter function public.enrich_agent_call() set search_path = '';

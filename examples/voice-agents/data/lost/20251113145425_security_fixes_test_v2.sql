-- Supabase's advisor: views run with their owner's rights, past row security, and some functions trust the caller's search path.
-- One view and one function first, to see the dashboard work.

alter view public.v_agent_calls_enriched set (security_invoker = true);
revoke all on public.v_agent_calls_enriched from anon;

alter function public.set_updated_at() set search_path = '';

-- Security and standardization: who is asking, who may see what, and the indexes that the application's queries use.
create function app_current_user_id() returns uuid
language sql stable
as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

create function app_current_role() returns text
language sql stable security definer
set search_path = public, pg_temp
as $$
  select case when u.is_active then u.role else 'INACTIVE' end from users u where u.id = app_current_user_id();
$$;

create function app_is_admin() returns boolean
language sql stable
as $$ select coalesce(app_current_role() = 'ADMIN', false) $$;

create function app_sees_bilan(p_bilan uuid) returns boolean
language sql stable security definer
set search_path = public, pg_temp
as $$
  select exists (
    select from bilans b
    where b.id = p_bilan and app_current_user_id() in (b.beneficiary_id, b.consultant_id)
  ) or app_is_admin();
$$;

create function log_user_change() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $body$
begin
  /* Only what matters for an audit; /* a nested remark: passwords are never copied */ the rest stays in the row. */
  if tg_op = 'UPDATE' and (old.role, old.is_active) is not distinct from (new.role, new.is_active) then
    return new;
  end if;
  insert into audit_logs (user_id, action, entity, entity_id, details)
  values (app_current_user_id(), lower(tg_op), 'users', new.id, jsonb_build_object('role', new.role, 'note', E'it\'s automatic'));
  return new;
end;
$body$;

create trigger users_audit after update on users for each row execute function log_user_change();

alter table users add constraint users_email_format check (email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$');

create index users_organization_idx on users (organization_id);
create index users_role_idx on users (role) where is_active;
create index users_email_lower_idx on users (lower(email));
create index organizations_city_idx on organizations (city);
create index bilans_beneficiary_idx on bilans (beneficiary_id);
create index bilans_consultant_idx on bilans (consultant_id);
create index bilans_organization_idx on bilans (organization_id);
create index bilans_status_idx on bilans (status);
create index competencies_bilan_idx on competencies (bilan_id);
create index competencies_category_idx on competencies (category);
create index recommendations_bilan_idx on recommendations (bilan_id);
create index documents_bilan_idx on documents (bilan_id);
create index documents_uploaded_by_idx on documents (uploaded_by);
create index messages_bilan_idx on messages (bilan_id, created_at);
create index messages_sender_idx on messages (sender_id);
create index messages_unread_idx on messages (bilan_id) where read_at is null;
create index sessions_bilan_idx on sessions (bilan_id);
create index sessions_consultant_idx on sessions (consultant_id, scheduled_at);
create index audit_logs_user_idx on audit_logs (user_id);
create index audit_logs_entity_idx on audit_logs (entity, entity_id);
create index audit_logs_created_idx on audit_logs using brin (created_at);

alter table users enable row level security;
alter table bilans enable row level security;
alter table competencies enable row level security;
alter table recommendations enable row level security;
alter table documents enable row level security;
alter table messages enable row level security;
alter table sessions enable row level security;

create policy users_self on users using (id = app_current_user_id() or app_is_admin());
create policy bilans_parties on bilans using (app_current_user_id() in (beneficiary_id, consultant_id) or app_is_admin());
create policy competencies_parties on competencies using (app_sees_bilan(bilan_id));
create policy recommendations_parties on recommendations using (app_sees_bilan(bilan_id));
create policy documents_parties on documents using (app_sees_bilan(bilan_id) or uploaded_by = app_current_user_id());
create policy messages_read on messages for select using (app_sees_bilan(bilan_id));
create policy messages_send on messages for insert with check (sender_id = app_current_user_id() and app_sees_bilan(bilan_id));
create policy sessions_parties on sessions using (app_sees_bilan(bilan_id));

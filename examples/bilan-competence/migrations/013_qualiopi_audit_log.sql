create table qualiopi_audit_log (
  id bigint generated always as identity primary key,
  organization_id uuid not null,
  indicator_id smallint not null,
  old_status text,
  new_status text not null,
  changed_by uuid,
  changed_at timestamptz not null default now()
);
create index qualiopi_audit_log_organization_idx on qualiopi_audit_log (organization_id, changed_at);
create index qualiopi_audit_log_indicator_idx on qualiopi_audit_log (indicator_id);

create function log_qualiopi_status() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' or old.status is distinct from new.status then
    insert into qualiopi_audit_log (organization_id, indicator_id, old_status, new_status, changed_by)
    values (new.organization_id, new.indicator_id, case tg_op when 'UPDATE' then old.status end, new.status, app_current_user_id());
  end if;
  return new;
end;
$$;
create trigger organization_qualiopi_status_log after insert or update on organization_qualiopi_status
  for each row execute function log_qualiopi_status();

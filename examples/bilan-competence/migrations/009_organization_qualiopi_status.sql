create table organization_qualiopi_status (
  organization_id uuid not null references organizations (id) on delete cascade,
  indicator_id smallint not null references qualiopi_indicators (id),
  status text not null default 'PENDING' check (status in ('PENDING', 'IN_PROGRESS', 'COMPLIANT', 'NON_COMPLIANT')),
  updated_at timestamptz not null default now(),
  primary key (organization_id, indicator_id)
);
create index organization_qualiopi_status_indicator_idx on organization_qualiopi_status (indicator_id);
create index organization_qualiopi_status_open_idx on organization_qualiopi_status (organization_id) where status <> 'COMPLIANT';
create trigger organization_qualiopi_status_updated before update on organization_qualiopi_status for each row execute function set_updated_at();

create function qualiopi_compliance(p_organization uuid) returns numeric
language sql stable
as $$
  select round(100.0 * count(*) filter (where status = 'COMPLIANT') / nullif(count(*), 0), 1)
  from organization_qualiopi_status where organization_id = p_organization;
$$;

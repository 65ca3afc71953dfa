create table qualiopi_evidence (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references organizations (id) on delete cascade,
  indicator_id smallint not null references qualiopi_indicators (id),
  document_id uuid references documents (id) on delete set null,
  description text not null,
  created_at timestamptz not null default now()
);
create index qualiopi_evidence_organization_idx on qualiopi_evidence (organization_id, indicator_id);
create index qualiopi_evidence_indicator_idx on qualiopi_evidence (indicator_id);
create index qualiopi_evidence_document_idx on qualiopi_evidence (document_id);

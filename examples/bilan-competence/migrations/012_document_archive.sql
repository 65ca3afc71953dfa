create table document_archive (
  id uuid primary key default gen_random_uuid(),
  document_id uuid not null,
  file_name text not null,
  sha256 char(64) not null,
  retained_until date not null,
  archived_at timestamptz not null default now()
);
create table document_access_log (
  id bigint generated always as identity primary key,
  archive_id uuid not null references document_archive (id) on delete cascade,
  user_id uuid references users (id) on delete set null,
  action text not null default 'VIEW' check (action in ('VIEW', 'DOWNLOAD', 'DELETE')),
  accessed_at timestamptz not null default now()
);
create index document_archive_document_idx on document_archive (document_id);
create index document_archive_retention_idx on document_archive (retained_until);
create index document_archive_sha256_idx on document_archive using hash (sha256);
create index document_access_log_archive_idx on document_access_log (archive_id, accessed_at);
create index document_access_log_user_idx on document_access_log (user_id);

create function documents_due_for_deletion(p_day date) returns setof document_archive
language sql stable
as $$ select * from document_archive where retained_until < p_day order by retained_until $$;

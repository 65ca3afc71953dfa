-- The CRM's optimization without partitions: crm_email_sends stays the table that it is.
-- Statement by statement: no lock is held longer than one of them takes, and indexes are built while everybody works.
-- eclusier: no-transaction

\ir ../crm/index_sends.sql
\ir ../crm/merge_users.sql
\ir ../crm/tighten.sql
\ir ../crm/segments.sql
\ir ../crm/row_security.sql
\ir ../crm/statistics.sql
\ir ../crm/maintenance.sql

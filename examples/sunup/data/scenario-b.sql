-- B: an old script ran the files and recorded nothing; there is no schema drizzle.
\i data/migrations.sql
\i data/production.sql

-- C: Drizzle recorded 0000 to 0004; 0005 to 0010 were run by hand later. Only 0011 is really missing.
\i data/migrations.sql
\i data/production.sql
\set known 5
\i data/tracking.sql

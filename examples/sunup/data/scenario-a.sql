-- A: Drizzle has recorded all it applied; 0011 is pending.
\i data/migrations.sql
\i data/production.sql
\set known 11
\i data/tracking.sql

-- The schema as it stands in production: 0000 to 0010, run without recording any of them.
\i drizzle/0000_young_sunspot.sql
\i drizzle/0001_bright_tigra.sql
\i drizzle/0002_careful_marrow.sql
\i drizzle/0003_solid_quasar.sql
\i drizzle/0004_app_versions.sql
\i drizzle/0005_calm_nova.sql
\i drizzle/0006_rename_daily_bonuses.sql
\i drizzle/0007_normalize_emails.sql
\i drizzle/0008_campaign_bonus_config.sql
\i drizzle/0009_lively_mystique.sql
\i drizzle/0010_archive_campaigns.sql

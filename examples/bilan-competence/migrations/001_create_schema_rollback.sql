drop table audit_logs, sessions, messages, documents, recommendations, competencies, bilans, users, organizations;
drop function set_updated_at();
drop extension pgcrypto;

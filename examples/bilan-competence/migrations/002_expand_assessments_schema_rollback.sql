drop policy sessions_parties on sessions;
drop policy messages_send on messages;
drop policy messages_read on messages;
drop policy documents_parties on documents;
drop policy recommendations_parties on recommendations;
drop policy competencies_parties on competencies;
drop policy bilans_parties on bilans;
drop policy users_self on users;
alter table sessions disable row level security;
alter table messages disable row level security;
alter table documents disable row level security;
alter table recommendations disable row level security;
alter table competencies disable row level security;
alter table bilans disable row level security;
alter table users disable row level security;
drop index users_organization_idx, users_role_idx, users_email_lower_idx, organizations_city_idx, bilans_beneficiary_idx, bilans_consultant_idx,
  bilans_organization_idx, bilans_status_idx, competencies_bilan_idx, competencies_category_idx, recommendations_bilan_idx, documents_bilan_idx,
  documents_uploaded_by_idx, messages_bilan_idx, messages_sender_idx, messages_unread_idx, sessions_bilan_idx, sessions_consultant_idx,
  audit_logs_user_idx, audit_logs_entity_idx, audit_logs_created_idx;
alter table users drop constraint users_email_format;
drop trigger users_audit on users;
drop function log_user_change();
drop function app_sees_bilan(uuid);
drop function app_is_admin();
drop function app_current_role();
drop function app_current_user_id();

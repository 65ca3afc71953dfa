-- The foreign keys that 018 left out, under names of their own.
alter table assessments add constraint assessments_bilan_fkey foreign key (bilan_id) references bilans (id) on delete cascade;
alter table assessment_answers add constraint assessment_answers_user_fkey foreign key (answered_by) references users (id) on delete cascade;
alter table assessment_documents add constraint assessment_documents_document_fkey foreign key (document_id) references documents (id) on delete cascade;
alter table document_archive add constraint document_archive_document_fkey foreign key (document_id) references documents (id) on delete cascade;
alter table qualiopi_audit_log add constraint qualiopi_audit_log_user_fkey foreign key (changed_by) references users (id) on delete set null;
create index qualiopi_audit_log_user_idx on qualiopi_audit_log (changed_by);

drop function documents_due_for_deletion(date);
drop table document_access_log, document_archive;

drop trigger organization_qualiopi_status_log on organization_qualiopi_status;
drop function log_qualiopi_status();
drop table qualiopi_audit_log;

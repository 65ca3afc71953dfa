drop function qualiopi_compliance(uuid);
drop table organization_qualiopi_status;

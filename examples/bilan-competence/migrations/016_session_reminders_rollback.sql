drop function reminders_due(timestamptz);
drop table session_reminders;

alter table session_bookings drop constraint session_bookings_meeting_url_https;
alter table availability_slots drop column location;
alter table session_bookings drop column meeting_url;
alter table files drop column deleted_at, drop column mime_type;
drop table conversations;

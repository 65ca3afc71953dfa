drop function refresh_session_analytics(date);
drop table session_analytics;

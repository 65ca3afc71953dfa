drop function active_sessions(uuid);
drop table user_preferences, auth_sessions, password_reset_tokens, email_verification_tokens;

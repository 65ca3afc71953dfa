alter table users drop column email_verified_at, drop column verification_token;

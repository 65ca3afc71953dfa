alter table users
  add column verification_token text,
  add column email_verified_at timestamptz;

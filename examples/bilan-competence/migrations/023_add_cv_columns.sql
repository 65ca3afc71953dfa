alter table users
  add column if not exists cv_file_name text,
  add column if not exists cv_mime_type text,
  add column if not exists cv_size_bytes bigint,
  add column if not exists cv_parsed_at timestamptz;
comment on column users.cv_parsed_at is 'When the CV was last read by the analysis; null: never.';

alter table users add column cv_uploaded_at timestamptz;
create index users_cv_uploaded_idx on users (cv_uploaded_at) where cv_uploaded_at is not null;

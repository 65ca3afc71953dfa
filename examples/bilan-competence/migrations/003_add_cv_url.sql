alter table users add column cv_url text;

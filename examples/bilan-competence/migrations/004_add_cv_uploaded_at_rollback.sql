drop index users_cv_uploaded_idx;
alter table users drop column cv_uploaded_at;

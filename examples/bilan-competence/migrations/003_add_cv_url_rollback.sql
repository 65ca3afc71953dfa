alter table users drop column cv_url;

alter table users drop column cv_parsed_at, drop column cv_size_bytes, drop column cv_mime_type, drop column cv_file_name;

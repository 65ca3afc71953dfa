-- Custom SQL migration file, put your code below! --
UPDATE "users" SET "email" = lower(trim("email")), "updated_at" = now() WHERE "email" <> lower(trim("email"));

ALTER TABLE "users" RENAME COLUMN "password" TO "password_hash";--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "password_hash" SET DATA TYPE varchar(255);--> statement-breakpoint
ALTER TABLE "actions" RENAME COLUMN "order" TO "position";--> statement-breakpoint
ALTER TABLE "campaigns" ALTER COLUMN "start_date" SET DATA TYPE date;--> statement-breakpoint
ALTER TABLE "campaigns" ALTER COLUMN "end_date" SET DATA TYPE date;--> statement-breakpoint
ALTER TABLE "challenges" ALTER COLUMN "date" SET DATA TYPE date;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_login_at" timestamp;

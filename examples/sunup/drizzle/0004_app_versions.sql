CREATE TABLE "app_versions" (
	"id" serial PRIMARY KEY NOT NULL,
	"version" varchar(20) NOT NULL,
	"title" varchar(160) NOT NULL,
	"release_notes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_mandatory" boolean DEFAULT false NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"released_at" timestamp DEFAULT now() NOT NULL,
	CONSTRAINT "app_versions_version_unique" UNIQUE("version")
);
--> statement-breakpoint
CREATE TABLE "user_version_tracking" (
	"id" serial PRIMARY KEY NOT NULL,
	"app_version_id" integer NOT NULL,
	"user_id" integer NOT NULL,
	"has_seen" boolean DEFAULT false NOT NULL,
	"seen_at" timestamp,
	"created_at" timestamp DEFAULT now() NOT NULL,
	CONSTRAINT "user_version_tracking_app_version_id_user_id_unique" UNIQUE("app_version_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'fbo'::text;--> statement-breakpoint
DROP TYPE "public"."user_role";--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('manager', 'fbo', 'marketing_assistant');--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'fbo'::"public"."user_role";--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE "public"."user_role" USING "role"::"public"."user_role";--> statement-breakpoint
ALTER TABLE "user_version_tracking" ADD CONSTRAINT "user_version_tracking_app_version_id_app_versions_id_fk" FOREIGN KEY ("app_version_id") REFERENCES "public"."app_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_version_tracking" ADD CONSTRAINT "user_version_tracking_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;

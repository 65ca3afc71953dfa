CREATE TABLE IF NOT EXISTS "campaign_validations" (
	"id" serial PRIMARY KEY NOT NULL,
	"campaign_id" integer NOT NULL,
	"user_id" integer NOT NULL,
	"status" varchar(20) DEFAULT 'pending' NOT NULL,
	"validated_by" integer,
	"validated_at" timestamp,
	"comment" text,
	"created_at" timestamp DEFAULT now() NOT NULL,
	CONSTRAINT "campaign_validations_campaign_id_user_id_unique" UNIQUE("campaign_id","user_id"),
	CONSTRAINT "campaign_validations_status_check" CHECK ("campaign_validations"."status" in ('pending', 'approved', 'rejected'))
);
--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "campaign_validations" ADD CONSTRAINT "campaign_validations_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "campaign_validations" ADD CONSTRAINT "campaign_validations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "campaign_validations" ADD CONSTRAINT "campaign_validations_validated_by_users_id_fk" FOREIGN KEY ("validated_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
ALTER TABLE "user_actions" ADD CONSTRAINT "user_actions_action_id_user_id_unique" UNIQUE("action_id","user_id");

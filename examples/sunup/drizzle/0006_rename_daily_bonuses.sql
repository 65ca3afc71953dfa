ALTER TABLE "daily_bonuses" RENAME TO "daily_bonus";--> statement-breakpoint
ALTER TABLE "daily_bonus" DROP CONSTRAINT "daily_bonuses_user_id_users_id_fk";--> statement-breakpoint
ALTER TABLE "daily_bonus" DROP CONSTRAINT "daily_bonuses_campaign_id_campaigns_id_fk";--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD COLUMN "status" varchar(20) DEFAULT 'pending' NOT NULL;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD COLUMN "reviewed_by" integer;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD COLUMN "reviewed_at" timestamp;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD CONSTRAINT "daily_bonus_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD CONSTRAINT "daily_bonus_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD CONSTRAINT "daily_bonus_reviewed_by_users_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_bonus" ADD CONSTRAINT "daily_bonus_status_check" CHECK ("daily_bonus"."status" in ('pending', 'approved', 'rejected'));

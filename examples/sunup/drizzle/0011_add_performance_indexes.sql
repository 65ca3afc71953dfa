-- Custom SQL migration file, put your code below! --
CREATE INDEX IF NOT EXISTS "idx_users_manager_name" ON "users" USING btree ("manager_id","name");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_users_active_fbo_manager" ON "users" USING btree ("manager_id") WHERE "users"."role" = 'fbo' and "users"."is_active";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_users_role_name" ON "users" USING btree ("role","name");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_users_last_login_at" ON "users" USING btree ("last_login_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_users_created_at" ON "users" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaigns_status_start_date" ON "campaigns" USING btree ("status","start_date" DESC);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaigns_dates" ON "campaigns" USING btree ("start_date","end_date");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaigns_current" ON "campaigns" USING btree ("start_date" DESC) WHERE not "campaigns"."archived";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaigns_created_by" ON "campaigns" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_challenges_campaign_date" ON "challenges" USING btree ("campaign_id","date");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_challenges_date" ON "challenges" USING btree ("date");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_actions_challenge_position" ON "actions" USING btree ("challenge_id","position");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_actions_challenge_type" ON "actions" USING btree ("challenge_id","type");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_actions_type_created_at" ON "actions" USING btree ("type","created_at" DESC);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_user_challenge" ON "user_actions" USING btree ("user_id","challenge_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_user_completed_at" ON "user_actions" USING btree ("user_id","completed_at" DESC) WHERE "user_actions"."completed";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_user_open" ON "user_actions" USING btree ("user_id","created_at") WHERE not "user_actions"."completed";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_challenge_user" ON "user_actions" USING btree ("challenge_id","user_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_challenge_completed_at" ON "user_actions" USING btree ("challenge_id","completed_at" DESC) WHERE "user_actions"."completed";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_completed_at" ON "user_actions" USING btree ("completed_at") WHERE "user_actions"."completed";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_action_completed" ON "user_actions" USING btree ("action_id") WHERE "user_actions"."completed";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_actions_updated_at" ON "user_actions" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_user_date" ON "daily_bonus" USING btree ("user_id","bonus_date" DESC);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_user_status" ON "daily_bonus" USING btree ("user_id","status");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_campaign_date" ON "daily_bonus" USING btree ("campaign_id","bonus_date");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_campaign_user" ON "daily_bonus" USING btree ("campaign_id","user_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_type_date" ON "daily_bonus" USING btree ("bonus_type","bonus_date");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_to_review" ON "daily_bonus" USING btree ("created_at") WHERE "daily_bonus"."status" = 'pending';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_daily_bonus_reviewed_by" ON "daily_bonus" USING btree ("reviewed_by","reviewed_at" DESC) WHERE "daily_bonus"."reviewed_by" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_proofs_user_action_id" ON "proofs" USING btree ("user_action_id") WHERE "proofs"."user_action_id" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_proofs_daily_bonus_id" ON "proofs" USING btree ("daily_bonus_id") WHERE "proofs"."daily_bonus_id" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_proofs_type_created_at" ON "proofs" USING btree ("type","created_at" DESC);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_proofs_created_at" ON "proofs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_validations_user_status" ON "campaign_validations" USING btree ("user_id","status");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_validations_campaign_status" ON "campaign_validations" USING btree ("campaign_id","status");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_validations_to_do" ON "campaign_validations" USING btree ("created_at") WHERE "campaign_validations"."status" = 'pending';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_validations_validated_by" ON "campaign_validations" USING btree ("validated_by","validated_at" DESC) WHERE "campaign_validations"."validated_by" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_app_versions_current" ON "app_versions" USING btree ("released_at" DESC) WHERE "app_versions"."is_active";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_version_tracking_user_seen_at" ON "user_version_tracking" USING btree ("user_id","seen_at" DESC);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_version_tracking_user_unseen" ON "user_version_tracking" USING btree ("user_id") WHERE not "user_version_tracking"."has_seen";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_user_version_tracking_version_seen" ON "user_version_tracking" USING btree ("app_version_id","has_seen");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_bonus_config_enabled" ON "campaign_bonus_config" USING btree ("campaign_id") WHERE "campaign_bonus_config"."bonus_enabled";--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "idx_campaign_bonus_config_created_by" ON "campaign_bonus_config" USING btree ("created_by");--> statement-breakpoint
ANALYZE "users";--> statement-breakpoint
ANALYZE "campaigns";--> statement-breakpoint
ANALYZE "challenges";--> statement-breakpoint
ANALYZE "actions";--> statement-breakpoint
ANALYZE "user_actions";--> statement-breakpoint
ANALYZE "daily_bonus";--> statement-breakpoint
ANALYZE "proofs";--> statement-breakpoint
ANALYZE "campaign_validations";

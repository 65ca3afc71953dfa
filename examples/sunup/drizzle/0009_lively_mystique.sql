ALTER TYPE "public"."proof_type" ADD VALUE 'pdf';--> statement-breakpoint
DROP INDEX "user_actions_completed_index";--> statement-breakpoint
ALTER TABLE "proofs" ALTER COLUMN "user_action_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "proofs" ADD COLUMN "daily_bonus_id" integer;--> statement-breakpoint
ALTER TABLE "proofs" ADD COLUMN "original_name" varchar(255);--> statement-breakpoint
ALTER TABLE "proofs" ADD COLUMN "size_bytes" integer;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_daily_bonus_id_daily_bonus_id_fk" FOREIGN KEY ("daily_bonus_id") REFERENCES "public"."daily_bonus"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_one_subject" CHECK (num_nonnulls("proofs"."user_action_id", "proofs"."daily_bonus_id") = 1);--> statement-breakpoint
INSERT INTO "proofs" ("daily_bonus_id", "url", "created_at") SELECT "id", "proof_url", "created_at" FROM "daily_bonus" WHERE "proof_url" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "daily_bonus" DROP COLUMN "proof_url";

import { endpoint, z } from "@doppelwerk/kit";

const branch = z.object({ branch: z.string().max(200).default("live") });

export const listSetUps = endpoint({
  id: "kernel.packSetUps",
  route: "GET /pack-set-ups",
  summary: "What packs propose to begin with: documents and alarm rules, and how many of them a branch does not have yet",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    setUps: z.array(
      z.object({
        feature: z.string(),
        pack: z.string(),
        version: z.string(),
        /** It also makes documents of what the branch says; how many is known once it has run. */
        reads: z.boolean(),
        documents: z.int(),
        alarmRules: z.int(),
        /** Version of the pack that was proposed last and merged, or is on this branch. */
        proposed: z.string().optional(),
      }),
    ),
  }),
});

export const proposeSetUp = endpoint({
  id: "kernel.proposeSetUp",
  route: "POST /pack-set-ups/:feature",
  summary: "Write what a pack begins with on a branch, to be merged; what was removed since it was proposed stays removed",
  action: "edit",
  branch: "query.branch",
  query: branch,
  answer: z.object({
    /** Documents and alarm rules that are new on the branch. */
    created: z.int(),
    changed: z.int(),
    kept: z.int(),
    /** Proposed before and removed since. */
    left: z.int(),
  }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

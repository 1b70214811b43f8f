import { endpoint, topic, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

const state = z.enum(["queued", "running", "done", "failed", "cancelled", "poisoned"]);

/** How far a job is. Instants are microseconds since 1970. */
const progressShape = z.object({
  id: z.string(),
  kind: z.string(),
  branch: z.string(),
  state,
  /** 0 to 1; 1 once it is done. */
  progress: z.number(),
  done: z.int(),
  total: z.int(),
  /** What such a job is called, where its feature is there. */
  title: messageShape.optional(),
  /** It follows from what is stored, and cannot be cancelled. */
  isFixed: z.literal(true).optional(),
  message: z.string().optional(),
  /** The same as a message, where it is one of this server. */
  reason: messageShape.optional(),
});
const job = progressShape.extend({
  by: z.string(),
  enqueuedAt: z.int(),
  startedAt: z.int().optional(),
  finishedAt: z.int().optional(),
  resumed: z.int(),
});

export type ShownProgress = z.output<typeof progressShape>;
export type ShownJob = z.output<typeof job>;

export const listJobs = endpoint({
  id: "kernel.jobs",
  route: "GET /jobs",
  people: { as: "author" },
  summary: "Jobs of the branches that one may see, the newest first; before them what the server derives just now",
  action: "read",
  branch: "query.branch",
  query: z.object({
    branch: z.string().max(200).optional(),
    kind: z.string().max(200).optional(),
    state: state.optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
  }),
  answer: z.object({ jobs: z.array(job) }),
});

export const readJob = endpoint({
  id: "kernel.job",
  route: "GET /jobs/:id",
  people: { as: "author" },
  summary: "How far a job is, or how it ended",
  action: "read",
  branch: "record.job",
  answer: job,
  errors: ["DW_NOT_FOUND"],
});

export const cancelJob = endpoint({
  id: "kernel.cancelJob",
  route: "DELETE /jobs/:id",
  summary: "Cancel a job; one that ended stays as it is",
  action: "run",
  branch: "record.job",
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const jobsProgress = topic({
  id: "jobs.progress",
  summary: "How far a job is",
  action: "read",
  branch: "payload.branch",
  payload: progressShape,
});

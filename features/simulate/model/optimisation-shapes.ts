import type { Optimisation, OptimisationSummary, OptimisationRequest } from "@doppelwerk/client";
import { shapeOf, z } from "@doppelwerk/kit";
import { messageShape, verdictShape } from "@doppelwerk/ports";
import { line, seed } from "./run-shapes.ts";
import { fault, message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** An amount in the currency of the user. */
export const price = z.number().min(-1e9).max(1e9);
const goal = z.enum(["throughput", "leadTime", "wip", "oee", "rework", "energy", "cost"]);

/** Whether the factors exist and the bounds are theirs is judged against the branch. */
export const optimisationBody = shapeOf<OptimisationRequest>()(
  z.object({
    line,
    title: z.string().trim().min(1).max(200),
    factors: z
      .array(z.object({ key: z.string().max(300), min: z.number(), max: z.number(), price: price.optional() }))
      .min(1)
      .max(60),
    totals: z
      .array(z.object({ keys: z.array(z.string().max(300)).min(2).max(60), kind: z.enum(["exactly", "atMost"]), total: z.number() }))
      .max(10)
      .default([]),
    goals: z
      .array(goal)
      .min(1)
      .max(3)
      .refine((goals) => new Set(goals).size === goals.length, fault(message("simulate.goalTwice"))),
    keep: z.array(goal).max(7).default([]),
    prices: z.object({ part: price, wip: price, energyKwh: price, workingKw: price, waitingKw: price }).partial().default({}),
    kind: z.enum(["forecast", "study"]).default("study"),
    shifts: z.number().int().min(1).max(20).default(4),
    seed: seed.default(1),
    budget: z.number().int().min(20).max(100_000).default(600),
    confirm: z.number().int().min(10).max(200).default(30),
  }),
);

export const chooseBody = z.object({ point: z.number().int().min(0).max(10_000) });

const summary = z.object({
  id: z.string(),
  branch: z.string(),
  line: line.describe("id of the line that was named; absent: the first"),
  title: z.string(),
  /** `waiting`: until the history has been read after a restart. `confirming`: the winner is judged on fresh seeds. */
  state: z.enum(["waiting", "running", "confirming", "done", "cancelled", "failed"]),
  goals: z.array(goal),
  spent: z.int(),
  budget: z.int(),
  judged: z.int(),
  seed: z.int(),
  by: z.string(),
  startedAt: z.int(),
  finishedAt: z.int().optional(),
  message: z.string().optional(),
  /** The same as a message, where it is one of this server. */
  reason: messageShape.optional(),
  verdict: verdictShape.optional(),
});
export const optimisationSummary = shapeOf<OptimisationSummary>()(summary);

const point = z.object({
  /** By key of the factor. */
  values: z.record(z.string(), z.number()),
  /** As the search saw it, in the order and units of the goals. */
  goals: z.array(z.number()),
  /** The same of what is kept, in its order. */
  kept: z.array(z.number()).optional(),
  replications: z.int(),
});

export const optimisation = shapeOf<Optimisation>()(
  summary.extend({
    /** What was requested. A request of an earlier version may have fewer fields. */
    request: optimisationBody,
    wish: optimisationBody.optional().describe("deprecated: use request"),
    units: z.array(z.string()),
    better: z.array(z.enum(["higher", "lower"])),
    present: point.optional(),
    points: z.array(point),
    trace: z.array(z.object({ spent: z.int(), best: z.number() })),
    chosen: z.int().optional(),
    run: z.string().optional(),
    confirmed: z
      .array(
        z.object({
          goal,
          live: z.number(),
          branch: z.number(),
          difference: z.number(),
          halfWidth: z.number(),
          relevant: z.number().optional(),
          verdict: verdictShape,
        }),
      )
      .optional(),
    resumed: z.int(),
    /** How often the search restarted because the fitted model had changed. */
    restarts: z.int(),
    begunAnew: z.int().optional().describe("deprecated: use restarts"),
    model: z.object({ hash: z.string(), code: z.string() }),
  }),
);

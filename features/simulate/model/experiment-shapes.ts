import type { ExperimentPointModel, ExperimentRequest, ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import { shapeOf, z } from "@doppelwerk/kit";
import { messageShape, verdictShape } from "@doppelwerk/ports";
import { experimentModel, line, replicationOptions, seed } from "./run-shapes.ts";

const level = z.union([z.number(), z.string().max(1_000)]);
const kpi = z.enum(["throughput", "oee", "leadTime", "wip", "rework"]);
const replications = z.number().int().min(3).max(10_000);

export const experimentBody = shapeOf<ExperimentRequest>()(
  z.strictObject({
    line,
    name: z.string().trim().min(1).max(200),
    kind: z.enum(["study", "forecast"]).default("study"),
    seed: seed.default(1),
    shifts: z.number().int().min(1).max(60).optional(),
    kpi: kpi.default("throughput"),
    goal: z.enum(["maximise", "minimise"]).default("maximise"),
    factors: z
      .array(
        z.strictObject({
          element: z.string().min(1).max(200),
          values: z.array(level).min(2).max(100).optional(),
          low: z.number().optional(),
          high: z.number().optional(),
          whole: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(20),
    design: z
      .union([
        z.literal("full"),
        z.strictObject({ fraction: z.array(z.string().min(2).max(20)).min(1).max(18) }),
        z.strictObject({ latinHypercube: z.number().int().min(2).max(512) }),
        z.strictObject({ points: z.array(z.array(level).min(1).max(20)).min(1).max(512) }),
      ])
      .default("full"),
    replications: z
      .union([
        z.strictObject({ count: replications }),
        z.strictObject({ relativeHalfWidth: z.number().min(0.0001).max(1), most: replications }),
        z.strictObject({
          indifference: z.number().positive(),
          confidence: z.number().min(0.51).max(0.9999).optional(),
          most: replications,
        }),
      ])
      .default({ count: 20 }),
    relevantShare: z.number().min(0).max(1).optional(),
  }),
);
export const csvQuery = z.object({ rows: z.enum(["points", "replications"]).default("points") });

const summary = z.object({
  id: z.string(),
  branch: z.string(),
  name: z.string(),
  state: z.enum(["running", "done", "cancelled", "failed"]),
  done: z.int(),
  /** Replications requested up to now; more may follow where a precision or a choice is wanted. */
  total: z.int(),
  points: z.int(),
  factors: z.array(z.string()),
  startedAt: z.int(),
  finishedAt: z.int().optional(),
  message: z.string().optional(),
  /** The same as a message, where it is one of this server. */
  reason: messageShape.optional(),
  resultHash: z.string().optional(),
  rerunOf: z.string().optional(),
  sameHash: z.boolean().optional(),
  resumed: z.int().optional(),
});
export const experimentSummary = shapeOf<ExperimentSummary>()(summary);

const difference = z.object({
  n: z.int(),
  mean: z.number(),
  halfWidth: z.number(),
  relevant: z.number(),
  verdict: verdictShape,
});
const pointKpi = z.object({
  mean: z.number(),
  halfWidth: z.number(),
  sd: z.number(),
  quantiles: z.array(z.object({ p: z.number(), value: z.number(), low: z.number().optional(), high: z.number().optional() })),
  /** Against the line as it stands, paired, 95 %. */
  difference: difference.optional(),
});
const byKpi = <Shape extends z.ZodType>(shape: Shape) => z.partialRecord(kpi, shape);

export const experimentResult = shapeOf<ExperimentResult>()(
  z.object({
    experiment: summary,
    request: experimentBody,
    factors: z.array(
      z.object({
        element: z.string(),
        key: z.string(),
        label: z.object({ en: z.string(), zh: z.string() }),
        unit: z.string(),
        station: z.string().optional(),
        asIs: z.union([z.number(), z.string()]),
        least: z.number().optional(),
        most: z.number().optional(),
      }),
    ),
    points: z.array(
      z.object({
        values: z.array(z.union([z.number(), z.string()])),
        replications: z.int(),
        kpis: byKpi(pointKpi),
        shares: z.record(z.string(), z.record(z.string(), z.number())),
        bottlenecks: z.record(z.string(), z.number()),
        modelHash: z.string(),
        traceHashes: z.array(z.string()),
      }),
    ),
    reference: z.int(),
    checks: z.object({ conservation: z.boolean(), littlesLaw: z.boolean(), replications: z.int() }).optional(),
    effects: byKpi(z.array(z.object({ factors: z.array(z.int()), mean: z.number(), halfWidth: z.number() }))),
    /** Absent in results of earlier versions, whose rework is a shift. */
    units: byKpi(z.string()).optional(),
    resolution: z.number().optional(),
    /** Absent while it runs. */
    best: z
      .object({
        point: z.int(),
        certain: z.boolean().optional(),
        confirmed: difference.extend({ best: z.number(), asIs: z.number() }).optional(),
      })
      .optional(),
    warnings: z.array(z.string()),
    warningMessages: z.array(messageShape).optional(),
    warningsTold: z.array(messageShape).optional().describe("deprecated: use warningMessages"),
    model: z.object({ hash: z.string(), seed: z.int(), code: z.string(), warmUpS: z.number() }),
  }),
);

export const experimentPointModel = shapeOf<ExperimentPointModel>()(
  z.object({ model: experimentModel, asIs: experimentModel, options: replicationOptions }),
);

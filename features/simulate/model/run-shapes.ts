import type { Backtest, DriftNotice, Factor, FittedParameter, RunModel, RunRequest, RunResult, RunSummary } from "@doppelwerk/client";
import { shapeOf, z } from "@doppelwerk/kit";
import { driftShape, factorShape, fittedParameterShape, runResultShape, runSummaryShape } from "@doppelwerk/ports";

/** A seed of a random number stream. */
export const seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Which of the lines; absent: the first of `GET /lines`. */
export const line = z.string().max(200).optional();
export const lineQuery = z.object({ line });

/** Lines of one run. */
const MAX_LINES = 50;

export const runBody = shapeOf<RunRequest>()(
  z.object({
    line,
    /** Lines that run at once, with the buffers that they share; in place of `line`. */
    lines: z.array(z.string().max(200)).max(MAX_LINES).optional(),
    kind: z.enum(["forecast", "study"]),
    seed,
    replications: z.number().int().min(3).max(1_000),
    shifts: z.number().int().min(1).max(60).optional(),
    relevantShare: z.number().min(0).max(1).optional(),
  }),
);

export const runSummary = shapeOf<RunSummary>()(runSummaryShape);
export const runResult = shapeOf<RunResult>()(runResultShape);
export const factor = shapeOf<Factor>()(factorShape);
export const fittedParameter = shapeOf<FittedParameter>()(fittedParameterShape);
export const driftNotice = shapeOf<DriftNotice>()(driftShape);

/** A line model (`doppelwerk-line/1`, docs/guide/simulate.md); its format describes the rest of the fields. */
const lineModel = z.looseObject({
  format: z.literal("doppelwerk-line/1"),
  id: z.string(),
  products: z.array(z.looseObject({ id: z.string() })),
  stations: z.array(z.looseObject({ id: z.string(), places: z.number() })),
});
/** One side of a simulation: the line as live has it, as it was edited, and the parameters that each replication draws. */
export const experimentModel = z.object({
  nominal: lineModel,
  edited: lineModel,
  parameters: z.array(z.looseObject({ target: z.looseObject({ kind: z.string(), station: z.string() }), mean: z.number(), n: z.number() })),
  initialState: z.record(z.string(), z.json()).optional(),
});
export const replicationOptions = z.object({
  kind: z.enum(["forecast", "study"]),
  seed: z.int(),
  start: z.int(),
  /** Seconds from the start to the end, the warm-up among them. */
  horizonS: z.number(),
  warmUpS: z.number(),
  outputStepS: z.number(),
});

const end = z.object({ line: z.string(), station: z.string() });
/** One side of several lines that ran at once, and the buffers between them. */
const linesModel = z.object({
  plant: z.string(),
  lines: z.array(experimentModel),
  buffers: z.array(
    z.object({ id: z.string(), name: z.string().optional(), capacity: z.int().optional(), from: z.array(end), to: z.array(end) }),
  ),
  /** Product of each part, first to leave first; null: of none. */
  initialBuffers: z.array(z.object({ buffer: z.string(), products: z.array(z.string().nullable()) })).optional(),
});
const side = z.union([linesModel, experimentModel]);

export const runModel = shapeOf<RunModel>()(z.object({ live: side, branch: side, options: replicationOptions }));

const horizon = z.enum(["1 h", "this shift", "next shift"]);
/** Null where nothing could be scored. */
const score = z.number().nullable();
export const backtest = shapeOf<Backtest>()(
  z.object({
    state: z.enum(["running", "done"]),
    done: z.int(),
    total: z.int(),
    horizons: z.array(
      z.object({
        horizon,
        n: z.int(),
        bias: score,
        meanAbsoluteError: score,
        crps: score,
        coverage90: score,
        skill: score,
        unit: z.string(),
      }),
    ),
    points: z.array(z.object({ origin: z.int(), horizon, low: z.number(), mid: z.number(), high: z.number(), realised: z.number() })),
  }),
);

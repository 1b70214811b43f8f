import type { EventLogReport } from "@doppelwerk/client";
import { shapeOf, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

export const eventLogQuery = z.object({
  name: z.string().trim().min(1).max(200).default("event log"),
  utcOffset: z.coerce.number().min(-840).max(840).default(0).describe("minutes, of times that name no zone"),
  periodS: z.coerce.number().positive().max(3.2e8).optional(),
});

/** A flow model (`doppelwerk-flow/1`, docs/guide/simulate.md); its JSON Schema is printed by `doppelwerk simulate --schema`. */
const flowModel = z.looseObject({
  format: z.literal("doppelwerk-flow/1"),
  components: z.array(z.looseObject({ id: z.string(), type: z.string() })),
});
const point = z.object({
  origin: z.int(),
  /** 90 % interval. */
  low: z.number(),
  mid: z.number(),
  high: z.number(),
  /** Absent for the period after the log. */
  realised: z.number().optional(),
  /** Mean of the periods before, at most four. */
  naive: z.number(),
});
/** Null where nothing could be scored. */
const score = z.number().nullable();

/** A line that can be run, its bottleneck, and a forecast with its error. Times in microseconds since 1970, durations in seconds, shares from 0 to 1. */
export const eventLogReport = shapeOf<EventLogReport>()(
  z.object({
    format: z.literal("doppelwerk-event-log-result/1"),
    from: z.int(),
    to: z.int(),
    cases: z.int(),
    visits: z.int(),
    stations: z.array(
      z.object({
        id: z.string(),
        activity: z.string(),
        visits: z.int(),
        places: z.int(),
        serviceMeanS: z.number(),
        waitMeanS: z.number(),
        delayMeanS: z.number(),
        utilisation: z.number(),
        bottleneckShare: z.number(),
        resources: z.int(),
      }),
    ),
    bottleneck: z.string(),
    model: flowModel,
    /** What a column is for, and its name in the log. */
    columns: z.record(z.string(), z.string()),
    left: z.object({ rows: z.int(), first: z.string().optional(), firstTold: messageShape.optional() }),
    /** What had to be assumed to read the log. `notes` are the same in English. */
    assumptions: z.array(messageShape),
    notes: z.array(z.string()),
    forecast: z.object({
      periodS: z.number(),
      score: z.object({ n: z.int(), bias: score, meanAbsoluteError: score, crps: score, coverage90: score, skill: score }),
      points: z.array(point),
      ahead: point.optional(),
    }),
  }),
);

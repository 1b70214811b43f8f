import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { auditItemShape, figureAuditShape, messageShape } from "@doppelwerk/ports";

/** Times are microseconds since 1970. */
const time = z.int();
const reading = z.object({ at: time, value: z.number() });

/** Raw samples of a signal over a span. */
export const RawSignal = z.object({
  signal: z.string(),
  title: messageShape,
  /** As the plant calls it. */
  name: z.string(),
  unit: z.string().optional(),
  /** Samples within the span, and those of bad quality among them. */
  samples: z.int(),
  bad: z.int(),
  /** The last reading before the span, else the first within it, and the last within it; of numbers. */
  first: reading.optional(),
  last: reading.optional(),
  /** Of a counter: the sum of its increments within the span. */
  counted: z.number().optional(),
  /** Where a counter fell: it rolled over or was reset. The first 100 of them. */
  falls: z.array(z.object({ at: time, before: z.number(), after: z.number() })).optional(),
  /** Of a text: what it was at the beginning of the span, since when, and each change within it; the first 200, and how many there are. */
  texts: z.array(z.object({ at: time, text: z.string() })).optional(),
  textCount: z.int().optional(),
});
export type RawSignal = z.output<typeof RawSignal>;

/** A span of one state of a station, with the raw state, where there was one. */
export const StateSpan = z.object({ from: time, to: time, state: z.string(), word: z.string().optional() });
export type StateSpan = z.output<typeof StateSpan>;

/** What a figure was computed of. */
export const AuditInputs = z.object({
  figure: figureAuditShape,
  signals: z.array(RawSignal),
  /** Of each station the spans of its states within planned time, at most 2,000, and how many there are. */
  states: z.array(z.object({ station: z.string(), spans: z.array(StateSpan), count: z.int() })),
  /** Planned time and breaks of the span; absent where the figure does not depend on them. */
  plan: z.array(z.object({ kind: z.enum(["planned", "break", "off"]), from: time, to: time })).optional(),
  /** Planned time of which nothing is known. */
  gaps: z.array(z.object({ station: z.string(), from: time, to: time })),
  /** Pieces of the figure, in order of time, at most 2,000, and how many there are. */
  items: z.array(auditItemShape),
  itemCount: z.int(),
  /** Signals that the caller may not read. */
  hidden: z.int(),
});
export type AuditInputs = z.output<typeof AuditInputs>;

const asked = {
  /** Id of a line; without one and without a place: the first. */
  line: z.string().max(200).optional(),
  /** Id of a place of `GET /places`. */
  place: z.string().max(2_000).optional(),
  /** Figures as they stood then; without it as they are now. */
  t: instant.optional(),
  /** Of the whole shift that this instant is in, as it is known now. */
  shift: instant.optional(),
};

export const figures = endpoint({
  id: "audit.figures",
  route: "GET /audit",
  summary:
    "The figures of a line or place at an instant with formula, span and rule; of a line those of the shift that runs then, else of the one before; of a place its sums",
  action: "read",
  query: z.object(asked),
  answer: z.object({
    /** Of the line. */
    title: localText.optional(),
    timeZone: z.string().optional(),
    figures: z.array(figureAuditShape),
    /** Of a line: its shifts of the last 14 days and what was produced outside of any, the newest first; figures of one of them are asked for by an instant in it (`shift`). */
    shifts: z
      .array(
        z.object({
          name: z.string(),
          from: time,
          to: time,
          /** Production outside of any shift: how many units. It has no plan, so there are no ratios. */
          unplanned: z.object({ units: z.number() }).optional(),
        }),
      )
      .optional(),
  }),
  errors: ["DW_NOT_FOUND"],
});

export const inputs = endpoint({
  id: "audit.inputs",
  route: "GET /audit/inputs",
  summary: "What a figure of `GET /audit` was computed of: readings of counters, spans of states, planned time, gaps, and its pieces",
  action: "read",
  query: z.object({ ...asked, figure: z.string().min(1).max(200) }),
  answer: AuditInputs,
  errors: ["DW_NOT_FOUND"],
});

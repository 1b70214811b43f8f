import type { Instant, Principal, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import { messageShape } from "./message-shape.ts";
import { port } from "./token.ts";

/** `units`, `alarms`, `s`, `ratio` (1 = 100 %), `perHour` (units per hour), else as it is written. */
const unit = z.string();

/** One number of a formula, with the figure that explains it where there is one. Without a value it is not known. */
export const auditTermShape = z.object({ title: messageShape, value: z.number().optional(), unit, figure: z.string().optional() });
export type AuditTerm = z.output<typeof auditTermShape>;

/** One of the pieces that a figure is the sum or the count of: a span of a state, an occurrence of an alarm, a meter. */
export const auditItemShape = z.object({
  title: messageShape,
  from: z.int(),
  /** Absent: it lasts. */
  to: z.int().optional(),
  /** What it adds to the figure, or would add. */
  value: z.number(),
  unit,
  /** False: it is no part of the figure; `why` says why. */
  isCounted: z.boolean(),
  why: messageShape.optional(),
});
export type AuditItem = z.output<typeof auditItemShape>;

/** A figure of a span with what it was computed of. Times are microseconds since 1970. */
export const figureAuditShape = z.object({
  /** One of its kind in an answer: `oee.availability`. */
  id: z.string(),
  group: z.enum(["output", "oee", "losses", "time", "alarms", "forecast", "energy"]),
  title: messageShape,
  /** Absent: not known. */
  value: z.number().optional(),
  unit,
  from: z.int(),
  to: z.int(),
  /** How it is computed, in words. */
  rule: messageShape,
  /** Where that is laid down: `ISO 22400-2`. */
  standard: z.string().optional(),
  /** What the terms make together: their sum, the first less the others, the first divided by the second, their product. */
  operator: z.enum(["sum", "difference", "quotient", "product"]).optional(),
  terms: z.array(auditTermShape).readonly(),
  /** Signals whose raw samples it was computed of; a counter counts by its increments. */
  signals: z
    .array(z.object({ signal: z.string(), title: messageShape, isCounter: z.boolean().optional(), isHeld: z.boolean().optional() }))
    .readonly()
    .optional(),
  /** Stations whose states over the span it was computed of. */
  stations: z.array(z.string()).readonly().optional(),
  /** It depends on when shifts and breaks are planned. */
  isPlannedTime: z.boolean().optional(),
  /** What it was computed with that is no term: the run of a forecast, a tariff, the same in another unit. */
  facts: z.array(messageShape).readonly().optional(),
  /** Its pieces; in a list of figures they are left out. */
  items: z.array(auditItemShape).readonly().optional(),
  /** What else a person should know: what is missing, what is counted apart. */
  notes: z.array(messageShape).readonly(),
});
export type FigureAudit = z.output<typeof figureAuditShape>;

/** Which figures: of a line, the first where none is named, or of a place of `GET /places`; at an instant, or now. */
export interface AuditQuestion {
  /** Who asks: it is of what they may read. */
  readonly principal: Principal;
  readonly line?: RecordId;
  readonly place?: RecordId;
  readonly at?: Instant;
  /** Of the whole shift that this instant is in, as it is known now. */
  readonly shift?: Instant;
  /** Of the shift that the other figures are of, as far as it is; absent where there is none. */
  readonly span?: { readonly from: Instant; readonly to: Instant };
}

/** What a feature shows figures of, computed again with every input. */
export interface FigureAudits {
  /** None where the feature shows none of that line, place or instant. */
  of(question: AuditQuestion): Promise<readonly FigureAudit[]>;
}

/** Of the shift of a line: units, OEE, times. The others are of the span that these have. */
export const shiftAudits = port<FigureAudits>("shifts.audits", 1);
/** The loss budget of a line. */
export const lossAudits = port<FigureAudits>("losses.audits", 1);
/** Counts of alarms of a line. */
export const alarmAudits = port<FigureAudits>("alarms.audits", 1);
/** Of a place: sums of lines, energy and cost; of a line these of its place, and its forecast. */
export const placeAudits = port<FigureAudits>("places.audits", 1);

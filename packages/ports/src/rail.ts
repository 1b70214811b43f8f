import type { Instant, Principal } from "@doppelwerk/world";
import { z } from "zod";
import { port } from "./token.ts";

/** What features put on the Rail. Each is asked at each call, and what a feature that is off would show is left out. Times are microseconds since 1970. */

/** Changes of alarms to *unacknowledged*, as many of a priority as lie closer together than the screen can show. */
export const alarmTickShape = z.object({
  at: z.int(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  station: z.string(),
  count: z.int(),
});
export type AlarmTick = z.output<typeof alarmTickShape>;

export interface AlarmTicks {
  /** Ticks of alarms that the principal may read with from ≤ at < to, at most one of a priority in each of `points` slices. */
  between(principal: Principal, from: Instant, to: Instant, points: number): Promise<readonly AlarmTick[]>;
}

export const alarmTicks = port<AlarmTicks>("alarms.ticks", 1);

/** A note on a span of time. */
export const spanNoteShape = z.object({ id: z.string(), at: z.int(), until: z.int(), text: z.string(), author: z.string() });
export type SpanNote = z.output<typeof spanNoteShape>;

export interface SpanNotes {
  /** Notes on live that the principal may read whose spans overlap [from, to), oldest first. */
  between(principal: Principal, from: Instant, to: Instant): Promise<readonly SpanNote[]>;
}

export const spanNotes = port<SpanNotes>("notes.spans", 1);

/** One change as the Rail marks it. */
export const changeDotShape = z.object({
  at: z.int(),
  kind: z.enum(["edit", "fork", "merge"]),
  revision: z.int(),
  title: z.string(),
  branch: z.string(),
});
export type ChangeDot = z.output<typeof changeDotShape>;

export interface ChangeDots {
  /** Changes on branches that the principal may read with from ≤ at < to, oldest first. */
  between(principal: Principal, from: Instant, to: Instant): Promise<readonly ChangeDot[]>;
}

export const changeDots = port<ChangeDots>("changes.dots", 1);

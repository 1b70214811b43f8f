import type { Client } from "@doppelwerk/client";
import { useLoad, useScope, useStore } from "@doppelwerk/kit/studio";
import { DAY, HOUR } from "@doppelwerk/world";
import * as calls from "../../calls.ts";
import { MAX_OCCURRENCES } from "./max-occurrences.ts";
import type { AlarmOccurrence } from "../../contract.ts";

export const SPANS = { "1h": HOUR, "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export const SHIFTS = ["shift", "lastShift"] as const;
/** A length of time up to the instant shown, or a shift of the line: the one that runs then, or the one before it. */
export type SpanName = keyof typeof SPANS | (typeof SHIFTS)[number];
export const SPAN_NAMES: readonly SpanName[] = [...SHIFTS, ...(Object.keys(SPANS) as (keyof typeof SPANS)[])];

/** Occurrences of a period up to the instant shown. */
export interface ReadOccurrences {
  readonly from: number;
  readonly to: number;
  readonly occurrences: readonly AlarmOccurrence[];
  /** There are older ones in the period than one answer holds. */
  readonly isCut: boolean;
  /** Of a shift: which it is; null: there was none. */
  readonly shift?: ShiftOfSpan | null;
}

export interface ShiftOfSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** An instant of the past that is shown moves on in steps of so much. */
const STEP = 10e6;

/** The occurrences of a span up to the instant shown; live they are read again with every transition. Shifts are those of `line`, else of the line shown. */
export function useOccurrences(span: SpanName, { station, line }: { readonly station?: string; readonly line?: string | undefined } = {}) {
  const { time, line: lineShown } = useScope();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.ceil(shown / STEP) * STEP;
  const ofLine = isShift(span) ? (line ?? lineShown) : undefined;
  return useLoad<ReadOccurrences>({
    key: ["GET /alarm-occurrences", { span, at, station, line: ofLine }],
    run: async ({ client }, signal) => {
      const now = Math.round(shown ?? time.instant()) + 1;
      const read = async (from: number, to: number) => {
        const query = { from, to, limit: MAX_OCCURRENCES, ...(station !== undefined && { station }) };
        const { occurrences, next } = await calls.occurrences(client, { query }, { signal });
        return { from, to, occurrences, isCut: next !== undefined };
      };
      if (!isShift(span)) return read(now - SPANS[span], now);
      const shift = shiftOf(span, await shiftsUpTo(client, shown, ofLine, signal), now);
      if (shift === undefined) return { from: now - 8 * HOUR, to: now, occurrences: [], isCut: false, shift: null };
      const to = Math.min(shift.to, now);
      // an alarm that returned after its shift is shown with its return
      const { occurrences, isCut } = await read(shift.from, now);
      return { from: shift.from, to, occurrences: occurrences.filter(({ raised }) => raised < to), isCut, shift };
    },
    ...(shown === undefined && { changedBy: { topics: { "alarms.changed": () => true } } }),
  });
}

export function isShift(span: SpanName): span is (typeof SHIFTS)[number] {
  return span === "shift" || span === "lastShift";
}

/** Recorded shifts and the one that runs, which may not be recorded yet. */
async function shiftsUpTo(
  client: Client,
  shown: number | undefined,
  line: string | undefined,
  signal: AbortSignal,
): Promise<readonly ShiftOfSpan[]> {
  const of = line === undefined ? { signal } : { line, signal };
  const [recorded, picture] = await Promise.all([client.shifts(of), client.snapshot(shown, of)]);
  return picture.shift === undefined ? recorded : [...recorded.filter(({ from }) => from !== picture.shift!.from), picture.shift];
}

/** The shift that runs at an instant, or the one that ended last before it. */
export function shiftOf(span: (typeof SHIFTS)[number], shifts: readonly ShiftOfSpan[], at: number): ShiftOfSpan | undefined {
  const found = shifts
    .filter(({ from, to }) => (span === "shift" ? from < at && at <= to : to < at))
    .toSorted((a, b) => a.from - b.from)
    .at(-1);
  return found && { name: found.name, from: found.from, to: found.to };
}

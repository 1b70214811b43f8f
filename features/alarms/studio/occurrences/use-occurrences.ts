import { useLoad, useScope, useStore } from "@doppelwerk/kit/studio";
import { DAY, HOUR } from "@doppelwerk/world";
import * as calls from "../../calls.ts";
import { MAX_OCCURRENCES } from "./max-occurrences.ts";
import type { AlarmOccurrence } from "../../contract.ts";

export const SPANS = { "1h": HOUR, "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type SpanName = keyof typeof SPANS;

/** Occurrences of a period up to the instant shown. */
export interface ReadOccurrences {
  readonly from: number;
  readonly to: number;
  readonly occurrences: readonly AlarmOccurrence[];
  /** There are older ones in the period than one answer holds. */
  readonly isCut: boolean;
}

/** An instant of the past that is shown moves on in steps of so much. */
const STEP = 10e6;

/** The occurrences of a span up to the instant shown; live they are read again with every transition. */
export function useOccurrences(span: SpanName, station?: string) {
  const { time } = useScope();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.ceil(shown / STEP) * STEP;
  return useLoad<ReadOccurrences>({
    key: ["GET /alarm-occurrences", { span, at, station }],
    run: async ({ client }, signal) => {
      const to = Math.round(shown ?? time.instant()) + 1;
      const from = to - SPANS[span];
      const query = { from, to, limit: MAX_OCCURRENCES, ...(station !== undefined && { station }) };
      const { occurrences, next } = await calls.occurrences(client, { query }, { signal });
      return { from, to, occurrences, isCut: next !== undefined };
    },
    ...(shown === undefined && { changedBy: { topics: { "alarms.changed": () => true } } }),
  });
}

import type { ComponentType } from "react";
import type { TrendSpan } from "../charts/trend-spans.ts";
import type { Studio } from "../session/studio.ts";
import { slot } from "../slots/slot.ts";

/** The stretch that trends show, and their signals. */
export interface TrendNotesProps {
  readonly from: number;
  readonly to: number;
  readonly signals: readonly string[];
  /** Limits that somebody drew across a signal of them: candidates for alarms. */
  readonly drawn?: readonly { readonly signal: string; readonly kind: "high" | "low"; readonly at: number }[];
}

/** What stands below trends about the stretch that they show. */
export const trendNotes = slot<{ readonly order: number }, ComponentType<TrendNotesProps>>()("history.trendNotes", 1);

/** Spans of time to mark on the trends of signals, by signal. */
export type SpansOfSignals = (
  studio: Studio,
  shown: TrendNotesProps,
  call: { readonly signal: AbortSignal },
) => Promise<ReadonlyMap<string, readonly TrendSpan[]>>;

/** What marks spans on trends. */
export const trendSpans = slot<{ readonly order: number }, SpansOfSignals>()("history.trendSpans", 1);

import type { ReactNode } from "react";
import { endOf, type ListedOccurrence } from "./listed.ts";
import { isUnacknowledged } from "./grouped.ts";

/** What bars of a table span, microseconds; `isNow`: up to now. */
export interface BarSpan {
  readonly from: number;
  readonly to: number;
  readonly isNow: boolean;
}

/** From the raise of an occurrence to its return, in the colour of its priority, with a tick where it was acknowledged. Its row says the same in words. */
export function TimeBar({ row, span: { from, to } }: { readonly row: ListedOccurrence; readonly span: BarSpan }): ReactNode {
  const share = (instant: number): number => Math.min(100, Math.max(0, ((instant - from) / (to - from)) * 100));
  const left = share(row.raised);
  const width = share(endOf(row) ?? to) - left;
  const tick = row.acknowledged;
  return (
    <span className="dw-time-bar" aria-hidden>
      <i
        className={`dw-p${row.priority} ${row.raised < from ? "is-before" : ""} ${isUnacknowledged(row) ? "" : "is-steady"}`}
        style={{ left: `min(${left}%, 100% - 3px)`, width: `max(3px, ${width}%)` }}
      />
      {tick !== undefined && tick >= from && tick <= to && <b style={{ left: `${share(tick)}%` }} />}
    </span>
  );
}

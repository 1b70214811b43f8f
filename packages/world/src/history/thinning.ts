import type { Branch } from "../world.ts";
import type { Instant } from "../instant.ts";
import type { SignalRecord } from "../signals/signal.ts";
import type { Thinning } from "../ports/history.ts";
import { TIER_WIDTHS, retentionFault } from "../signals/retention.ts";

const DAY: Instant = 86_400_000_000;

/** A fork is fitted from what lies before its instant: so much of it stays while the branch is open. */
export const FORK_NEEDS: Instant = 30 * DAY;

/** From when on every sample is needed: by the forks that are open, whose merge requests are judged by what they were fitted from. */
export function neededSince(branches: readonly Branch[]): Instant {
  const open = branches.filter(({ parent, closed }) => parent !== undefined && closed === undefined);
  return Math.min(Number.POSITIVE_INFINITY, ...open.map(({ instant }) => instant - FORK_NEEDS));
}

/** What the retention of a signal makes of its samples now; undefined: nothing, or the retention is faulty. */
export function thinningOf(signal: SignalRecord, now: Instant, needed: Instant): Thinning | undefined {
  const { retention, valueType, id } = signal;
  if (retention === undefined || valueType === "string" || retentionFault(retention) !== undefined) return undefined;
  const tiers = retention.tiers ?? [{ every: "1min" }, { every: "1h" }];
  return {
    key: { branch: "live", signal: id },
    rawBefore: Math.min(now - retention.rawDays * DAY, needed),
    tiers: tiers
      .map(({ every, days }) => ({
        width: TIER_WIDTHS[every],
        before: days === undefined ? Number.NEGATIVE_INFINITY : Math.min(now - days * DAY, needed),
      }))
      .toSorted((a, b) => a.width - b.width),
  };
}

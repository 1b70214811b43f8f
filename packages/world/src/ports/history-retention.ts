import type { Branch } from "../world.ts";
import type { Instant } from "../instant.ts";
import type { SignalRecord } from "../signals/signal.ts";
import type { Thinning } from "./history.ts";

const DAY: Instant = 86_400_000_000;

/** Widths of tiers by name, microseconds, finest first. */
export const TIER_WIDTHS = { "1min": 60_000_000, "10min": 600_000_000, "1h": 3_600_000_000, "1d": DAY } as const;

/** How long what is kept of a signal. Without one every sample stays for good. */
export type Retention = {
  /** Days that every sample is kept. */
  readonly rawDays: number;
  /** What stays of older ones, and for how many days; without days for good. Absent: `1min` and `1h` for good. */
  readonly tiers?: readonly { readonly every: keyof typeof TIER_WIDTHS; readonly days?: number }[];
};

/** A fork is fitted from what lies before its instant: so much of it stays while the branch is open. */
export const FORK_NEEDS: Instant = 30 * DAY;

/** What is wrong with a retention, undefined when nothing is. Nothing is thinned by a wrong one. */
export function retentionFault(retention: unknown): string | undefined {
  const { rawDays, tiers } = (retention ?? {}) as Record<string, unknown>;
  if (!isDays(rawDays)) return "rawDays must be a number of days, at least 1";
  if (tiers === undefined) return undefined;
  if (!Array.isArray(tiers)) return "tiers must be a list";
  for (const tier of tiers as readonly Record<string, unknown>[]) {
    if (typeof tier !== "object" || tier === null || !Object.hasOwn(TIER_WIDTHS, String(tier["every"])))
      return `a tier is one of ${Object.keys(TIER_WIDTHS).join(", ")}`;
    if (tier["days"] !== undefined && !(isDays(tier["days"]) && tier["days"] >= rawDays))
      return "the days of a tier must be at least those of the samples";
  }
  return undefined;
}

function isDays(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && value <= 36_500;
}

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

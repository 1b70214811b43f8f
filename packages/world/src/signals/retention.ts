import { message, type Message } from "@doppelwerk/messages";
import type { Instant } from "../instant.ts";

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

/** What is wrong with a retention, undefined when nothing is. Nothing is thinned by a wrong one. */
export function retentionFault(retention: unknown): Message | undefined {
  const { rawDays, tiers } = (retention ?? {}) as Record<string, unknown>;
  if (!isDays(rawDays)) return message("world.retentionRawDays");
  if (tiers === undefined) return undefined;
  if (!Array.isArray(tiers)) return message("world.retentionTiers");
  for (const tier of tiers as readonly Record<string, unknown>[]) {
    if (typeof tier !== "object" || tier === null || !Object.hasOwn(TIER_WIDTHS, String(tier["every"])))
      return message("world.retentionTier", { tiers: Object.keys(TIER_WIDTHS).join(", ") });
    if (tier["days"] !== undefined && !(isDays(tier["days"]) && tier["days"] >= rawDays)) return message("world.retentionTierDays");
  }
  return undefined;
}

function isDays(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && value <= 36_500;
}

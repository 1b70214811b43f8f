import type { TrendLimit } from "../charts/trend-limits.ts";
import type { Studio } from "../session/studio.ts";
import type { Language } from "../time/format.ts";
import { slot } from "../slots/slot.ts";

/** Limits of signals on the branch entered, by signal; those that the reader may not see are left out. */
export type LimitsOfSignals = (
  studio: Studio,
  signals: readonly string[],
  language: Language,
  call: { readonly signal: AbortSignal },
) => Promise<ReadonlyMap<string, readonly TrendLimit[]>>;

/** What draws limits on trends. */
export const trendLimits = slot<{ readonly order: number }, LimitsOfSignals>()("history.trendLimits", 1);

import type { TrendLimit } from "@doppelwerk/kit/studio";

interface Limited {
  readonly kind: "high" | "low" | "deviation";
  readonly signal: string;
  readonly limit: number;
  readonly target?: number | undefined;
}

/** Where a condition has its limits on the axis of its signal; one that follows another signal has none that stands still. */
export function limitsOf({ kind, limit, target }: Limited, priority: TrendLimit["priority"], label: string): readonly TrendLimit[] {
  if (!Number.isFinite(limit)) return [];
  const line = (value: number): TrendLimit => ({ value, priority, label });
  if (kind !== "deviation") return [line(limit)];
  return target === undefined ? [] : [line(target - limit), line(target + limit)];
}

import type { TrendLimit } from "@doppelwerk/kit/studio";

const LIMITED = ["high", "highHigh", "low", "lowLow", "deviation"] as const;

interface Limited {
  readonly kind: (typeof LIMITED)[number];
  readonly signal?: string | undefined;
  readonly limit: number;
  readonly target?: number | undefined;
}

/** Whether a condition has a limit on the axis of its signal. */
export function hasLimit<Condition extends { readonly kind: string }>(
  condition: Condition,
): condition is Condition & Pick<Limited, "kind"> {
  return (LIMITED as readonly string[]).includes(condition.kind);
}

/** Where a condition has its limits on the axis of its signal; one that follows another signal has none that stands still. */
export function limitsOf({ kind, limit, target }: Limited, priority: TrendLimit["priority"], label: string): readonly TrendLimit[] {
  if (!Number.isFinite(limit)) return [];
  const line = (value: number): TrendLimit => ({ value, priority, label });
  if (kind !== "deviation") return [line(limit)];
  return target === undefined ? [] : [line(target - limit), line(target + limit)];
}

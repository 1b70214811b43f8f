import type { Factor, OptimisationGoal, OptimisationPrices, OptimisationWish } from "@doppelwerk/client";

export type FactorGroup = "buffer" | "places" | "operators" | "carriers" | "vehicles" | "cycle" | "interval" | "repair" | "other";
export type TotalKind = "exactly" | "atMost" | "free";

export interface FactorChoice {
  readonly min: number;
  readonly max: number;
  readonly price?: number | undefined;
}

/** What a person thinks of first stands first. */
const ORDER: readonly FactorGroup[] = ["buffer", "places", "operators", "carriers", "vehicles", "cycle", "repair", "interval", "other"];

/** Factors by what they are; those of a group in the order of the line. */
export function groupsOf(factors: readonly Factor[]): readonly { readonly group: FactorGroup; readonly members: readonly Factor[] }[] {
  const groupOf = (factor: Factor): FactorGroup => (factor.key.endsWith("/NumberOfAgvs") ? "vehicles" : factor.group);
  const groups = Map.groupBy(factors, groupOf);
  return ORDER.flatMap((group) => (groups.has(group) ? [{ group, members: groups.get(group)! }] : []));
}

/** Bounds to begin with: those of the factor, whole numbers not far from what stands there. */
export function bounded(factor: Factor): FactorChoice {
  if (factor.step !== 1) return { min: factor.min, max: factor.max };
  // a line with no buffer at all, or with no place, is no proposal
  const least = factor.group === "buffer" || factor.group === "places" ? 1 : factor.min;
  return {
    min: Math.max(factor.min, Math.min(factor.value, least)),
    max: Math.min(factor.max, Math.max(factor.value * 3, factor.value + 4)),
  };
}

export interface WishDraft {
  readonly title: string;
  readonly groups: ReturnType<typeof groupsOf>;
  readonly choices: ReadonlyMap<string, FactorChoice>;
  readonly totals: ReadonlyMap<FactorGroup, TotalKind>;
  readonly goals: readonly OptimisationGoal[];
  readonly keep: readonly OptimisationGoal[];
  readonly prices: OptimisationPrices;
  readonly kind: "study" | "forecast";
  readonly seed: number;
  readonly budget: number;
}

const SHIFTS = 4;
const CONFIRM = 30;

/** The wish as it is sent; sums are kept over what was chosen of a group. */
export function wishOf({ title, groups, choices, totals, goals, keep, prices, kind, seed, budget }: WishDraft): OptimisationWish {
  const chosen = groups.map(({ group, members }) => ({ group, members: members.filter(({ key }) => choices.has(key)) }));
  return {
    title,
    factors: chosen.flatMap(({ members }) =>
      members.map(({ key }) => {
        const { min, max, price } = choices.get(key)!;
        return { key, min, max, ...(price === undefined ? {} : { price }) };
      }),
    ),
    totals: chosen.flatMap(({ group, members }) => {
      const kindOfTotal = totals.get(group) ?? "free";
      const hasSum = (group === "buffer" || group === "places" || group === "operators") && members.length > 1;
      return kindOfTotal === "free" || !hasSum
        ? []
        : [{ keys: members.map(({ key }) => key), kind: kindOfTotal, total: members.reduce((sum, { value }) => sum + value, 0) }];
    }),
    goals,
    keep: keep.filter((goal) => !goals.includes(goal)),
    prices,
    kind,
    shifts: SHIFTS,
    seed,
    budget,
    confirm: CONFIRM,
  };
}

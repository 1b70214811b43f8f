import type { Factor, OptimisationGoal, OptimisationPrices, OptimisationRequest } from "@doppelwerk/client";

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

/** Replications that a search may spend. */
export const EFFORTS = { quick: 120, normal: 500, long: 2_000 } as const;
export type Effort = keyof typeof EFFORTS;

/** A search as it is put together, before it has a title. */
export interface RequestDraft {
  readonly choices: ReadonlyMap<string, FactorChoice>;
  readonly totals: ReadonlyMap<FactorGroup, TotalKind>;
  readonly goals: readonly OptimisationGoal[];
  readonly keep: readonly OptimisationGoal[];
  readonly prices: OptimisationPrices;
  readonly effort: Effort;
  readonly kind: "study" | "forecast";
  /** As typed. */
  readonly seed: number | string;
}

export const NEW_REQUEST: RequestDraft = {
  choices: new Map(),
  totals: new Map([["buffer", "exactly"]]),
  goals: ["throughput"],
  keep: ["throughput"],
  prices: {},
  effort: "quick",
  kind: "study",
  seed: 1,
};

/** The choices with some factors chosen, within the bounds to begin with, or no longer chosen. */
export function withChoice(choices: RequestDraft["choices"], factors: readonly Factor[], isChosen: boolean): RequestDraft["choices"] {
  const next = new Map(choices);
  for (const factor of factors) {
    if (isChosen) next.set(factor.key, next.get(factor.key) ?? bounded(factor));
    else next.delete(factor.key);
  }
  return next;
}

/** What has no common measure has no sum, and one value alone needs none. */
export function hasSum(group: FactorGroup, chosen: readonly Factor[]): boolean {
  return (group === "buffer" || group === "places" || group === "operators") && chosen.length > 1;
}

const SHIFTS = 4;
const CONFIRM = 30;

/** The request as it is sent; sums are kept over what was chosen of a group. */
export function requestOf(title: string, groups: ReturnType<typeof groupsOf>, draft: RequestDraft): OptimisationRequest {
  const { choices, totals, goals, keep, prices, kind, seed, effort } = draft;
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
      const total = totals.get(group) ?? "free";
      return total === "free" || !hasSum(group, members)
        ? []
        : [{ keys: members.map(({ key }) => key), kind: total, total: members.reduce((sum, { value }) => sum + value, 0) }];
    }),
    goals,
    keep: keep.filter((goal) => !goals.includes(goal)),
    prices,
    kind,
    shifts: SHIFTS,
    seed: Number(seed),
    budget: EFFORTS[effort],
    confirm: CONFIRM,
  };
}

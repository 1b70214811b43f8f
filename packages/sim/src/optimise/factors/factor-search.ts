import { GridSearch, type GridTrial } from "./grid-search.ts";
import { RELEVANT_SHARE } from "../../experiments/comparison.ts";
import { pairedDifference, type Verdict } from "../../statistics/paired-difference.ts";
import type { ExperimentPoint, Factor, FactorExperiment } from "./factor-experiment.ts";
import type { FlowModel } from "../../components/flow-model.ts";

/** Instead of a design: a search over the factors within a budget, its winner judged again on replications that it has not seen. */
export interface FactorSearch {
  /** Replications that may be spent; 300 when absent. */
  readonly budget?: number;
  /** KPIs that may not get worse than they are in the model as it stands, by more than half a per cent. */
  readonly keep?: readonly { readonly kpi: string; readonly goal?: "maximise" | "minimise" }[];
  /** Replications on fresh numbers for the winner and the model as it stands; 20 when absent. */
  readonly confirm?: number;
}

export interface FactorSearchReport {
  readonly spent: number;
  readonly judged: number;
  /** What the winner brings against the model as it stands, on replications that no search has seen (P5): the KPI, then what was to be kept. */
  readonly confirmed: readonly {
    readonly kpi: string;
    readonly present: number;
    readonly best: number;
    readonly difference: number;
    readonly halfWidth: number | null;
    readonly verdict: Verdict;
  }[];
}

/** Levels of a range that is not whole. */
const STEPS = 20;
/** Replications of the confirmation: none that a search draws from. */
export const CONFIRM_FROM = 1_000_000;

type Level = number | string | readonly unknown[];

/** A factor as one or more numbers to choose: an index into its values, its number, or for an order the place of each entry. */
interface Axis {
  readonly dimensions: readonly { readonly lower: number; readonly upper: number; readonly step: number }[];
  readonly present: readonly number[];
  valueOf(numbers: readonly number[]): Level;
}

/** Every factor as numbers of a grid. `there` is what stands in the model now. Throws with what cannot be searched. */
export function axisOf(factor: Factor, there: unknown): Axis {
  if (factor.order === true) {
    if (!Array.isArray(there) || there.length < 2) throw new Error("order needs a list of at least two entries in the model");
    if (there.length > MAX_ENTRIES)
      throw new Error(`order is searched for lists of up to ${MAX_ENTRIES} entries, this has ${there.length}`);
    const entries = there as readonly unknown[];
    return {
      dimensions: entries.map(() => ({ lower: 0, upper: entries.length - 1, step: 1 })),
      present: entries.map((_, at) => at),
      // the place wanted of each entry; of equals the one that stood first
      valueOf: (places) =>
        entries
          .map((entry, at) => ({ entry, at }))
          .sort((x, y) => places[x.at]! - places[y.at]! || x.at - y.at)
          .map(({ entry }) => entry),
    };
  }
  const { values } = factor;
  if (values !== undefined)
    return {
      dimensions: [{ lower: 0, upper: values.length - 1, step: 1 }],
      present: [Math.max(0, values.indexOf(there as number | string))],
      valueOf: ([at]) => values[at!]!,
    };
  const [low, high] = [factor.low!, factor.high!];
  const step = factor.whole === true ? 1 : (high - low) / STEPS;
  const lower = factor.whole === true ? Math.ceil(low) : low;
  return {
    dimensions: [{ lower, upper: high, step }],
    present: [typeof there === "number" ? there : lower],
    valueOf: ([value]) => value!,
  };
}

const MAX_ENTRIES = 60;

/** What a search needs of the experiment: models at a point, and KPIs of one of them on some replications. */
export interface FactorSearchRun {
  readonly axes: readonly Axis[];
  modelAt(levels: readonly Level[]): FlowModel;
  /** Rows of replications `from` … `from + count − 1`: the KPI, then those to be kept. */
  judge(model: FlowModel, from: number, count: number): Promise<readonly (readonly number[])[]>;
}

/** The best levels of the factors, what was spent, and how the winner does on fresh replications. The answer depends on model, experiment and seed alone. */
export async function searchFactors(
  { kpi, goal = "maximise", search = {} }: Pick<FactorExperiment, "kpi" | "goal" | "search">,
  seed: number,
  { axes, modelAt, judge }: FactorSearchRun,
): Promise<{ readonly best: readonly Level[]; readonly isPresent: boolean; readonly report: FactorSearchReport }> {
  const { budget = 300, keep = [], confirm = 20 } = search;
  const told = [{ kpi, goal }, ...keep.map((kept) => ({ kpi: kept.kpi, goal: kept.goal ?? ("maximise" as const) }))];
  const sign = (at: number): 1 | -1 => (told[at]!.goal === "maximise" ? -1 : 1);
  const grid = new GridSearch(
    {
      dimensions: axes.flatMap(({ dimensions }) => dimensions),
      present: axes.flatMap(({ present }) => present),
      objectives: 1,
      kept: keep.map(() => ({ toleranceShare: RELEVANT_SHARE })),
    },
    { seed, replications: budget },
  );
  const levelsOf = (point: ArrayLike<number>): Level[] => {
    let at = 0;
    return axes.map(({ dimensions, valueOf }) => valueOf(Array.from({ length: dimensions.length }, () => point[at++]!)));
  };
  const present = levelsOf(grid.present().point);
  while (!grid.finished) {
    const values: number[][][] = [];
    for (const trial of grid.ask())
      values.push(
        (await judge(modelAt(levelsOf(trial.point)), trial.from, trial.to - trial.from)).map((row) =>
          row.map((value, at) => sign(at) * value),
        ),
      );
    grid.tell(values satisfies readonly (readonly ArrayLike<number>[])[] & { readonly length: GridTrial[]["length"] });
  }
  const best = levelsOf(grid.front()[0]!.point);
  const isPresent = JSON.stringify(best) === JSON.stringify(present);
  const [before, after] = [await judge(modelAt(present), CONFIRM_FROM, confirm), await judge(modelAt(best), CONFIRM_FROM, confirm)];
  return {
    best,
    isPresent,
    report: {
      spent: grid.spent,
      judged: grid.judged,
      confirmed: told.map(({ kpi: name, goal: wanted }, at) => {
        const [first, second] = [before.map((row) => row[at]!), after.map((row) => row[at]!)];
        const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
        const {
          mean: difference,
          halfWidth,
          verdict,
        } = pairedDifference(first, second, wanted === "maximise" ? "higher" : "lower", RELEVANT_SHARE * Math.abs(mean(first)));
        return {
          kpi: name,
          present: mean(first),
          best: mean(second),
          difference,
          halfWidth: Number.isFinite(halfWidth) ? halfWidth : null,
          verdict,
        };
      }),
    },
  };
}

/** A level as people read it: words and numbers as they are, an order by the names of its entries. */
export function shownLevel(level: Level): ExperimentPoint["factors"][string] {
  if (typeof level === "number" || typeof level === "string") return level;
  return level
    .map((entry) =>
      typeof entry === "object" && entry !== null
        ? String((entry as { id?: unknown }).id ?? (entry as { product?: unknown }).product ?? JSON.stringify(entry))
        : String(entry),
    )
    .join(" ");
}

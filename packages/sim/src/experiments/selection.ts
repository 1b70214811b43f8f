/** What a selection promises, and how it begins. */
export interface SelectionOptions {
  /** The smallest difference that matters, in the unit of the KPI. */
  readonly indifference: number;
  /** Least probability of the right choice where the best is better by `indifference`; 0.95 when absent. */
  readonly confidence?: number;
  readonly goal?: "maximise" | "minimise";
  /** Replications of each before the first is left out, at least 2; 10 when absent. */
  readonly firstReplications?: number;
  /** Replications asked for at once after that; it changes nothing but the number of calls. 10 when absent. */
  readonly step?: number;
  /** Gives up here and says so; 10 000 when absent. */
  readonly maxReplications?: number;
}

export interface Selection {
  readonly best: number;
  /** Whether the promise holds: false where `maxReplications` was reached first. */
  readonly certain: boolean;
  /** Replications of each system that the choice used. */
  readonly replications: readonly number[];
  /** Systems in the order in which they were left out. */
  readonly leftOut: readonly number[];
  /** All values drawn, by system. */
  readonly values: readonly (readonly number[])[];
}

/**
 * The best of some systems by the fully sequential procedure of Kim and Nelson (2001, c = 1): after each replication whoever is worse than
 * another by more than what their difference can explain is left out. Valid for normal values, and with common random numbers, which make it
 * faster; a KPI that is a mean over a long run is near enough. `evaluate` gives the KPI of replications `from`, `from` + 1 … of a system.
 */
export async function selectBest(
  systems: number,
  options: SelectionOptions,
  evaluate: (system: number, from: number, count: number) => Promise<readonly number[]>,
): Promise<Selection> {
  const { indifference, confidence = 0.95, goal = "maximise", firstReplications = 10, step = 10, maxReplications = 10_000 } = options;
  if (!(indifference > 0)) throw new Error("the indifference of a selection is more than 0");
  if (firstReplications < 2) throw new Error("a selection begins with at least 2 replications");
  const first = Math.min(firstReplications, maxReplications);
  const values: number[][] = Array.from({ length: systems }, () => []);
  const sign = goal === "maximise" ? 1 : -1;
  const more = async (system: number, count: number): Promise<void> => {
    values[system]!.push(...(await evaluate(system, values[system]!.length, count)));
  };
  for (let system = 0; system < systems; system++) await more(system, first);
  const sums = values.map((row) => row.reduce((sum, value) => sum + sign * value, 0));
  const eta = 0.5 * (((2 * (1 - confidence)) / Math.max(1, systems - 1)) ** (-2 / (first - 1)) - 1);
  const h2 = 2 * eta * (first - 1);
  const variance = values.map((a) => values.map((b) => varianceOfDifference(a, b, first)));
  let left = Array.from({ length: systems }, (_, system) => system);
  const leftOut: number[] = [];
  const used = Array.from({ length: systems }, () => first);
  for (let r = first; ;) {
    const stay = left.filter((i) =>
      left.every((l) => {
        const reach = Math.max(0, (indifference / 2) * ((h2 * variance[i]![l]!) / indifference ** 2 - r));
        return i === l || sums[i]! >= sums[l]! - reach;
      }),
    );
    leftOut.push(...left.filter((system) => !stay.includes(system)));
    left = stay;
    if (left.length === 1 || r >= maxReplications) break;
    if (values[left[0]!]!.length === r) for (const system of left) await more(system, Math.min(step, maxReplications - r));
    for (const system of left) {
      sums[system]! += sign * values[system]![r]!;
      used[system] = r + 1;
    }
    r++;
    // equal to the last bit: any of them is right
    if (left.every((i) => left.every((l) => r > (h2 * variance[i]![l]!) / indifference ** 2 + 1 && sums[i] === sums[l]))) {
      left = [left[0]!];
      break;
    }
  }
  const best = left.reduce((a, b) => (sums[b]! > sums[a]! ? b : a));
  return { best, certain: left.length === 1, replications: used, leftOut, values };
}

function varianceOfDifference(a: readonly number[], b: readonly number[], n: number): number {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (a[i]! - b[i]!) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i]! - b[i]! - mean) ** 2;
  return sum / (n - 1);
}

import type { PlantView } from "@doppelwerk/kit/server";
import type { LineDefinition } from "@doppelwerk/operations";
import { LIVE, quality, SECOND, type Instant } from "@doppelwerk/world";
import type { ShiftPage } from "../contract.ts";

type Rejected = ShiftPage["rejected"][number];
type Why = NonNullable<Rejected["why"]>;

/** A result of a part is measured this long before it is rejected at most, and may come a moment later. */
const BEFORE: Instant = 20 * SECOND;
const AFTER: Instant = 2 * SECOND;
/** A signal with more samples in a shift is no result of parts. */
const MAX_SAMPLES = 6_000;
/** Fewer results show nothing of what is usual. */
const MIN_SAMPLES = 20;
/** From so many deviations of the median on (robust, 1.4826 × MAD) a result is far from what is usual. */
const FAR = 3.5;

interface Results {
  readonly id: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly times: readonly Instant[];
  readonly values: readonly number[];
  readonly median: number;
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Rejected parts, each with the result of its station that was farthest from what is usual in the shift, where one was far from it. Results that may not be
 * read are left out.
 */
export async function withCauses(
  rejected: readonly Rejected[],
  view: PlantView,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  stations: LineDefinition["stations"],
): Promise<readonly Rejected[]> {
  const results = new Map<string, readonly Results[]>();
  for (const station of new Set(rejected.map((each) => each.station))) {
    const signals = stations.find(({ id }) => id === station)?.processValues ?? [];
    const read = await Promise.all(signals.map(({ id, unit }) => resultsOf(view, id, unit, station, from, to)));
    results.set(
      station,
      read.filter((each) => each !== undefined),
    );
  }
  return rejected.map((part) => {
    const why = causeOf(part, results.get(part.station) ?? []);
    return why === undefined ? part : { ...part, why };
  });
}

async function resultsOf(
  view: PlantView,
  id: string,
  unit: string | undefined,
  station: string,
  from: Instant,
  to: Instant,
): Promise<Results | undefined> {
  const signal = view.signal(id);
  if (signal === undefined || signal.valueType === "string") return undefined;
  const key = { branch: LIVE, signal: id };
  const [count = 0] = (await view.history.buckets(key, from, to, 1)).count;
  if (count < MIN_SAMPLES || count > MAX_SAMPLES) return undefined;
  const raw = await view.history.raw(key, from, to + AFTER);
  const rows = [...raw.times.keys()].filter((row) => raw.qualities[row] !== quality.bad && Number.isFinite(raw.values[row]));
  const values = rows.map((row) => raw.values[row]!);
  if (values.length < MIN_SAMPLES) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const median = at(0.5);
  const deviations = values.map((value) => Math.abs(value - median)).toSorted((a, b) => a - b);
  const spread = 1.4826 * deviations[Math.floor(deviations.length / 2)]!;
  const name = signal.name.startsWith(`${station}.`) ? signal.name.slice(station.length + 1) : signal.name;
  return { id, name, unit, times: rows.map((row) => raw.times[row]!), values, median, spread, low: at(0.05), high: at(0.95) };
}

function causeOf({ at }: Rejected, results: readonly Results[]): Why | undefined {
  let [farthest, why]: [number, Why | undefined] = [FAR, undefined];
  for (const { id, name, unit, times, values, median, spread, low, high } of results) {
    // the one that is nearest to the rejection
    let nearest: number | undefined;
    for (const [row, time] of times.entries())
      if (time >= at - BEFORE && time <= at + AFTER && (nearest === undefined || Math.abs(time - at) <= Math.abs(times[nearest]! - at)))
        nearest = row;
    if (nearest === undefined || spread === 0) continue;
    const value = values[nearest]!;
    const far = Math.abs(value - median) / spread;
    if (far < farthest) continue;
    [farthest, why] = [far, { signal: id, name, value, low, high, ...(unit !== undefined && { unit }) }];
  }
  return why;
}

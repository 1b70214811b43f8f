import { reportMedian, timed, type Report } from "../../../bench/report.ts";
import { cutAmounts, sumsByLabel } from "../model/attribution.ts";
import { meterSeries } from "../model/meter-series.ts";
import { quarters, timelineOf, type LabelledSpan } from "../model/timeline.ts";

const [METERS, DAYS, RUNS, STATES] = [20, 30, 7, 8];
const MINUTE = 60_000_000;
const BEGIN = Date.UTC(2026, 10, 2) * 1_000;
const END = BEGIN + DAYS * 1_440 * MINUTE;

/** Twenty meters read each minute over thirty days, given to states of two minutes, quarter hours and orders; bar: at most 1 s of processor time. */
export async function bench(report: Report): Promise<void> {
  const [wall, cpu, plain] = [[] as number[], [] as number[], [] as number[]];
  const plants = Array.from({ length: METERS }, (_, meter) => ({ samples: samplesOf(meter), states: statesOf(meter), orders: ordersOf() }));
  for (let run = 0; run <= RUNS; run++) {
    const ours = await timed(() => plants.map((each) => byState(each)));
    const other = await timed(() => plants.map(({ samples, states }) => plainly(samples, states)));
    for (const [meter, sums] of ours.result.entries())
      for (const [state, sum] of sums.entries())
        if (Math.abs(sum - other.result[meter]![state]!) > 1e-6 * sum)
          throw new Error(`meter ${meter}, state ${state}: ${sum} is not the same`);
    // the first warms up
    if (run === 0) continue;
    wall.push(ours.wallS * 1_000);
    cpu.push(ours.cpuS * 1_000);
    plain.push(other.cpuS * 1_000);
  }
  reportMedian(report, "energy", `${METERS} meters over ${DAYS} days by state, quarter hour and order`, "ms", wall);
  reportMedian(report, "energy", "the same, processor time", "ms", cpu);
  reportMedian(report, "energy", "a plain program by state alone, processor time", "ms", plain);
}

type Plant = { readonly samples: readonly Sample[]; readonly states: readonly LabelledSpan[]; readonly orders: readonly LabelledSpan[] };
interface Sample {
  readonly time: number;
  readonly value: number;
}

function byState({ samples, states, orders }: Plant): Float64Array {
  const { bounds, labels } = timelineOf(BEGIN, END, [quarters(BEGIN, END), states, orders]);
  const { amounts } = cutAmounts(meterSeries(samples, { counter: { type: "totaliser" }, factor: 1 }), bounds);
  sumsByLabel(amounts, labels[0]!, DAYS * 96);
  sumsByLabel(amounts, labels[2]!, 1_000);
  return sumsByLabel(amounts, labels[1]!, STATES);
}

/** Each pair of readings against each state that it meets. */
function plainly(samples: readonly Sample[], states: readonly LabelledSpan[]): readonly number[] {
  const sums = Array.from({ length: STATES }, () => 0);
  let first = 0;
  for (let row = 1; row < samples.length; row++) {
    const [a, b] = [samples[row - 1]!, samples[row]!];
    while (states[first] !== undefined && states[first]!.to <= a.time) first++;
    for (let at = first; at < states.length && states[at]!.from < b.time; at++) {
      const both = Math.min(b.time, states[at]!.to) - Math.max(a.time, states[at]!.from);
      if (both > 0) sums[states[at]!.label]! += ((b.value - a.value) * both) / (b.time - a.time);
    }
  }
  return sums;
}

function samplesOf(meter: number): readonly Sample[] {
  let value = 1_000;
  return Array.from({ length: DAYS * 1_440 + 1 }, (_, minute) => ({
    time: BEGIN + minute * MINUTE,
    value: (value += 0.05 + 0.05 * ((minute * 7 + meter) % 5)),
  }));
}

function statesOf(meter: number): readonly LabelledSpan[] {
  return Array.from({ length: DAYS * 720 }, (_, at) => ({
    from: BEGIN + at * 2 * MINUTE + (at === 0 ? 0 : meter * 1_000_000),
    to: BEGIN + (at + 1) * 2 * MINUTE + (at === DAYS * 720 - 1 ? 0 : meter * 1_000_000),
    label: (at + meter) % STATES,
  }));
}

function ordersOf(): readonly LabelledSpan[] {
  return Array.from({ length: DAYS * 12 }, (_, at) => ({
    from: BEGIN + at * 120 * MINUTE,
    to: BEGIN + (at + 1) * 120 * MINUTE,
    label: at,
  }));
}

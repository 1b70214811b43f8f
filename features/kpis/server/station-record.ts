import type { PlantView } from "@doppelwerk/kit/server";
import {
  createShiftCalendar,
  plannedRunTimePerItem,
  zoneOffsetOf,
  type CutCount,
  type CutState,
  type LineDefinition,
  type ShiftCalendar,
} from "@doppelwerk/operations";
import type { LineFlow } from "@doppelwerk/ports";
import { counterStep, DAY, LIVE, quality, type Instant, type RecordId } from "@doppelwerk/world";

/** What is recorded of a station over a span, to be cut: its states in planned time, and what it counted. */
export interface StationRecord {
  readonly states: readonly CutState[];
  /** Undefined: some of its counters may not be read. */
  readonly counts: readonly CutCount[] | undefined;
  readonly counted: readonly CutCount["role"][];
  /** Which product was made from when on; absent where the station does not say. */
  readonly products: readonly { readonly from: Instant; readonly product: string }[] | undefined;
  readonly calendar: ShiftCalendar;
}

const ROLES = ["Total", "Good", "Reject"] as const;

/** Undefined where there is no such station. */
export async function stationRecord(
  flow: LineFlow,
  view: PlantView,
  station: string,
  from: Instant,
  to: Instant,
  line: RecordId | undefined,
): Promise<StationRecord | undefined> {
  const definition = (await flow.folded()).find((each) => each.definition.stations.some(({ id }) => id === station))?.definition;
  const own = definition?.stations.find(({ id }) => id === station);
  const planned = await flow.plannedStates(from, to, line ?? definition?.id);
  if (definition === undefined || own === undefined || planned === undefined) return undefined;
  const states = planned.stations.find((each) => each.station === station)?.spans ?? [];
  const counted = ROLES.filter((role) => own.signals[role] !== undefined);
  const products = own.signals.Product === undefined ? undefined : await productsOf(view, own.signals.Product.id, from, to);
  const mayRead = counted.every((role) => view.mayReadSignal(own.signals[role]!.id));
  const counts = mayRead
    ? (await Promise.all(counted.map((role) => countsOf(view, own, role, from, to, products ?? [])))).flat()
    : undefined;
  return { states, counts, counted, products, calendar: createShiftCalendar(definition.shifts, zoneOffsetOf(definition.timeZone)) };
}

async function countsOf(
  view: PlantView,
  station: LineDefinition["stations"][number],
  role: CutCount["role"],
  from: Instant,
  to: Instant,
  products: NonNullable<StationRecord["products"]>,
): Promise<CutCount[]> {
  const binding = station.signals[role]!;
  const key = { branch: LIVE, signal: binding.id };
  const declared = binding.counter ?? { type: "totaliser" as const };
  const [before] = await view.history.at([key], from - 1);
  let last = before === undefined || before.quality === quality.bad || !Number.isFinite(before.value) ? undefined : before.value;
  const counts: CutCount[] = [];
  for (let begin = from; begin < to; begin += DAY) {
    const { times, values, qualities } = await view.history.raw(key, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < times.length; row++) {
      const [at, value] = [times[row]!, values[row]!];
      if (qualities[row] === quality.bad || !Number.isFinite(value)) continue;
      if (last !== undefined && value !== last) {
        const { delta } = counterStep(last, value, declared);
        // what is counted belongs to the product before a change of the same instant
        if (delta > 0) counts.push({ at, role, delta, runTimeS: plannedRunTimePerItem(station, productAt(products, at - 1)) });
      }
      last = value;
    }
  }
  return counts;
}

function productAt(products: NonNullable<StationRecord["products"]>, at: Instant): string | undefined {
  return products.findLast(({ from }) => from <= at)?.product;
}

async function productsOf(
  view: PlantView,
  signal: RecordId,
  from: Instant,
  to: Instant,
): Promise<NonNullable<StationRecord["products"]> | undefined> {
  if (!view.mayReadSignal(signal)) return undefined;
  const key = { branch: LIVE, signal };
  const [before] = await view.history.at([key], from);
  const found = before === undefined ? [] : [{ from, product: before.text ?? String(before.value) }];
  for (let begin = from; begin < to; begin += DAY) {
    const { times, values, texts } = await view.history.raw(key, begin, Math.min(begin + DAY, to));
    for (let row = 0; row < times.length; row++) {
      const product = texts.get(row) ?? String(values[row]);
      if (found.at(-1)?.product !== product) found.push({ from: times[row]!, product });
    }
  }
  return found;
}

import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { calendarOf } from "../../line/calendar.ts";
import type { CalendarModel, LineModel, StationModel } from "../../line/line-model.ts";
import { mainFlow, pieceS } from "../../line/main-flow.ts";
import { meanOf } from "../../random/sampler.ts";
import { WordStream } from "../word-stream.ts";
import type { ScheduleMachine, ScheduleProblem } from "./schedule-problem.ts";

export interface LineOrder {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly due?: Instant;
}

/** The next orders of a line whose program says only mix and batch sizes: drawn from them. Empty where it has neither. */
export function drawnOrders({ program }: LineModel, count: number, seed: number): LineOrder[] {
  if (program?.kind === "orders")
    return program.orders.slice(0, count).map(({ id, product, quantity }, i) => ({ id: id ?? `#${i + 1}`, product, quantity }));
  if (program?.kind !== "batches") return [];
  const words = new WordStream(seed, 17);
  // shares are of units, so a product of large batches has fewer of them
  const weights = program.mix.map(({ share, batchMin, batchMax }) => share / Math.max(1, (batchMin + batchMax) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: count }, (_, i) => {
    let left = words.uniform() * total;
    const at = Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
    const { product, batchMin, batchMax } = program.mix[at]!;
    return { id: `#${i + 1}`, product, quantity: batchMin + words.below(batchMax - batchMin + 1) };
  });
}

const CALENDAR_DAYS = 28;

/**
 * Orders on a line as a schedule: a flow shop along its main flow, whose stations pass a batch on piece by piece, with the set-ups between products, the stops
 * as they are on average, and the calendar closed outside of shifts and in breaks. Seconds from `start`.
 */
export function scheduleOfLine(line: LineModel, orders: readonly LineOrder[], start: Instant): ScheduleProblem {
  const stations = mainFlow(line);
  const closed = closedTimes(line.calendar, start);
  const products = [...new Set(orders.map(({ product }) => product))];
  return {
    format: "doppelwerk-schedule/1",
    title: line.name ?? line.id,
    unit: "s",
    machines: stations.map((station): ScheduleMachine => {
      const times = setUpTimes(line, station, products);
      return {
        id: station.id,
        label: station.id,
        ...(closed.length > 0 && !station.unattended ? { closed } : {}),
        ...(Object.keys(times).length > 0 ? { setUp: { times } } : {}),
      };
    }),
    jobs: orders.map(({ id, product, quantity, due }) => ({
      id,
      label: `${id} ${product} × ${quantity}`,
      family: product,
      ...(due === undefined ? {} : { due: Math.max(0, Math.round((due - start) / SECOND)) }),
      operations: stations.map((station, machine) => {
        const piece = pieceS(station, product);
        const time = Math.max(1, Math.round((quantity * piece * lossFactor(station)) / station.places));
        return { choices: [{ machine, time }], ...(machine + 1 < stations.length ? { passOn: Math.max(1, Math.round(piece)) } : {}) };
      }),
    })),
  };
}

/** Working time becomes this much longer by stops whose clock runs while working. */
function lossFactor({ stops = [] }: StationModel): number {
  return stops.reduce(
    (factor, { clock, between, duration }) => (clock === "operating" ? factor + meanOf(duration) / Math.max(1, meanOf(between)) : factor),
    1,
  );
}

function setUpTimes(
  { products: known }: LineModel,
  { setUps = [] }: StationModel,
  products: readonly string[],
): Record<string, Record<string, number>> {
  const of = (product: string, attribute: string): string | undefined => known.find(({ id }) => id === product)?.attributes?.[attribute];
  const times: Record<string, Record<string, number>> = {};
  for (const from of products) {
    for (const to of products) {
      const seconds = setUps.reduce((sum, { attribute, time, matrix }) => {
        const [before, after] = [of(from, attribute), of(to, attribute)];
        if (before === undefined || after === undefined || before === after) return sum;
        return sum + meanOf(matrix?.[before]?.[after] ?? time);
      }, 0);
      if (seconds > 0) (times[from] ??= {})[to] = Math.round(seconds);
    }
  }
  return times;
}

/** Everything that is no shift, and breaks, over four weeks; seconds from `start`. */
function closedTimes(model: CalendarModel | undefined, start: Instant): { from: number; to: number }[] {
  if (!model) return [];
  const calendar = calendarOf(model, start);
  const end = start + CALENDAR_DAYS * 86_400 * SECOND;
  const closed: { from: number; to: number }[] = [];
  const close = (from: Instant, to: Instant): void => {
    const [a, b] = [Math.round((Math.max(from, start) - start) / SECOND), Math.round((to - start) / SECOND)];
    if (b <= a) return;
    const last = closed.at(-1);
    if (last && a <= last.to) last.to = Math.max(last.to, b);
    else closed.push({ from: a, to: b });
  };
  let at = start;
  for (let ordinal = calendar.ordinalAfter(start); ordinal !== undefined; ordinal++) {
    const shift = calendar.shift(ordinal);
    if (!shift || shift.start > end) break;
    close(at, shift.start);
    for (const pause of shift.breaks) close(pause.start, pause.end);
    at = Math.max(at, shift.end);
  }
  return closed;
}

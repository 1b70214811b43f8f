import { DoppelwerkError, message, type Message } from "@doppelwerk/kit";
import {
  elementsOfCut,
  elementsOfLine,
  elementsOfStation,
  indicatorValues,
  type RecordedElements,
  type ShiftResult,
} from "@doppelwerk/operations";
import { shiftsWithin, type KpiOrder, type LineFlow, type LineShifts } from "@doppelwerk/ports";
import type { Instant, RecordId } from "@doppelwerk/world";
import type { IndicatorCutRow, IndicatorCutsAnswer } from "../contract.ts";
import type {} from "../message-codes.ts";
import { daysOf, hoursOf, spansOfProducts, type Cut, type CutSpan } from "../model/cuts.ts";
import { answered, elementsBeside, ofLine, type IndicatorParts } from "./indicators.ts";
import type { LineIndicator } from "./line-indicators.ts";
import { stationRecord, type StationRecord } from "./station-record.ts";

interface Question {
  readonly by: Cut;
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: RecordId | undefined;
  readonly station?: string | undefined;
}

/** A row before it is computed. */
interface Part extends CutSpan {
  readonly key: string;
  readonly title?: IndicatorCutRow["title"];
  readonly order?: string;
  readonly product?: string;
  readonly recorded: RecordedElements;
  /** Whole shifts that the row is of. */
  readonly shifts?: readonly ShiftResult[];
}

interface Cutting {
  readonly question: Question;
  readonly line: LineShifts | undefined;
  readonly shifts: readonly ShiftResult[];
  readonly flow: LineFlow;
  readonly parts: IndicatorParts;
}

/** Rows of one answer. */
const MAX_ROWS = 400;

/** The 34 KPIs of a station or line by hour, shift, day, order or product. Throws DW_NOT_FOUND where there is no such station. */
export async function indicatorCuts(question: Question, flow: LineFlow, parts: IndicatorParts): Promise<IndicatorCutsAnswer> {
  const { by, from, to, line: id, station } = question;
  const line = await parts.fold.results(to, id);
  if (station !== undefined && line?.stations.includes(station) !== true)
    throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.noStation", { station: station.slice(0, 200) }));
  const shifts = line === undefined ? [] : shiftsWithin(line, from, to);
  const cutting = { question, line, shifts, flow, parts };
  const { rows, note } = await CUTTERS[by](cutting);
  const computed: IndicatorCutRow[] = [];
  // one after the other: each reads what a span recorded
  for (const row of rows.slice(-MAX_ROWS)) computed.push(await rowOf(row, cutting));
  return { by, rows: computed, ...(note && { note }), ...(rows.length > MAX_ROWS && { left: rows.length - MAX_ROWS }) };
}

async function rowOf(part: Part, cutting: Cutting): Promise<IndicatorCutRow> {
  const { recorded, shifts: _shifts, ...row } = part;
  const { indicators, unknownS } = await indicatorsOfRow(part, cutting);
  return {
    key: row.key,
    from: row.from,
    to: row.to,
    unknownS: Math.max(unknownS, recorded.unknownS),
    ...(row.title && { title: row.title }),
    ...(row.product !== undefined && { product: row.product }),
    indicators: indicators.map(({ indicator: { id }, at, units: _units, sourced, ...value }) => ({
      id,
      ...(at !== undefined && { at }),
      ...answered(value, sourced),
    })),
  };
}

async function indicatorsOfRow(part: Part, { question, line, parts }: Cutting) {
  const { recorded, shifts, ...row } = part;
  const { line: id, station } = question;
  if (station === undefined && shifts !== undefined && line !== undefined)
    return ofLine({ line, shifts, span: { from: row.from, to: row.to }, id }, parts);
  const sourced = await elementsBeside(recorded.values, row, { line: id, station, order: row.order, product: row.product }, parts);
  const values = indicatorValues({ ...sourced.values, ...recorded.values });
  return { indicators: values.map((each): LineIndicator => ({ ...each, sourced })), unknownS: recorded.unknownS };
}

interface Cuts {
  readonly rows: readonly Part[];
  /** What cannot be cut that way, and why. */
  readonly note?: Message;
}

const CUTTERS: Readonly<Record<Cut, (cutting: Cutting) => Promise<Cuts> | Cuts>> = {
  shift: ({ shifts, question: { station } }) => ({
    rows: shifts.map((shift) => ({ ...partOf([shift], station), key: shift.id })),
  }),
  day: ({ shifts, question: { station } }) => ({
    rows: daysOf(shifts).map(({ day, shifts: of }) => ({ ...partOf(of, station), key: day })),
  }),
  hour: byHour,
  order: byOrder,
  product: byProduct,
};

function partOf(shifts: readonly ShiftResult[], station: string | undefined): Omit<Part, "key"> {
  const recorded = station === undefined ? elementsOfLine(shifts) : elementsOfStation(shifts, station);
  return { from: shifts[0]!.from, to: shifts.at(-1)!.to, recorded, shifts };
}

/** Of a line nothing but what left it is recorded by hour: its times and counts are those of its constraint. */
async function byHour({ question, line: of, shifts, flow, parts }: Cutting): Promise<Cuts> {
  const { station = of?.constraint, line } = question;
  const [first, last] = [shifts[0], shifts.at(-1)];
  if (first === undefined || last === undefined) return { rows: [] };
  if (station === undefined) return { rows: [], note: message("kpis.cut.hourOfStation") };
  const record = await stationRecord(flow, parts.view, station, first.from, last.to, line);
  if (record === undefined) return { rows: [] };
  const rows = shifts.flatMap(({ from, to }) =>
    hoursOf({ from, to }, record.calendar.hourOf).map((hour) => ({ key: String(hour.from), ...hour, recorded: cutOf(record, [hour]) })),
  );
  return { rows, note: noteOf(question, station) };
}

/** Which units were reworked is not known of a part of a shift; of a line, which station is meant. */
function noteOf(question: Question, station: string): Message {
  return question.station === undefined ? message("kpis.cut.ofConstraint", { station }) : message("kpis.cut.noRework");
}

function cutOf(record: StationRecord, spans: readonly CutSpan[]): RecordedElements {
  const plannedS = spans.reduce((total, { from, to }) => total + record.calendar.plannedBetween(from, to), 0);
  return elementsOfCut(spans, plannedS, record.states, record.counts, record.counted);
}

async function byOrder({ question, line: of, flow, parts }: Cutting): Promise<Cuts> {
  const { from, to, line, station } = question;
  const unit = station ?? of?.constraint;
  const { view, branch } = parts;
  const asked = {
    principal: view.principal,
    branch,
    from,
    to,
    ...(line !== undefined && { line }),
    ...(station !== undefined && { station }),
  };
  const knowing = parts.sources.filter(({ orders }) => orders !== undefined);
  if (knowing.length === 0) return { rows: [], note: message("kpis.cut.noOrders") };
  const orders = (await Promise.all(knowing.map((source) => ordersOf(source, asked, parts)))).flat();
  const record = unit === undefined ? undefined : await recordOf(orders, { ...question, station: unit }, flow, parts);
  const rows = orders.flatMap((order): Part[] => {
    const [first, last] = [order.spans[0], order.spans.at(-1)];
    if (first === undefined || last === undefined) return [];
    const recorded = record === undefined ? { values: {}, unknownS: 0 } : cutOf(record, order.spans);
    return [
      {
        key: order.id,
        order: order.id,
        from: first.from,
        to: last.to,
        recorded,
        ...(order.title && { title: order.title }),
        ...(order.product !== undefined && { product: order.product }),
      },
    ];
  });
  return { rows, ...(unit !== undefined && { note: noteOf(question, unit) }) };
}

async function ordersOf(
  source: IndicatorParts["sources"][number],
  asked: Parameters<NonNullable<IndicatorParts["sources"][number]["orders"]>>[0],
  { log }: IndicatorParts,
): Promise<readonly KpiOrder[]> {
  try {
    return (await source.orders?.(asked)) ?? [];
  } catch (error) {
    log.warn({ err: error, feature: source.feature }, "orders for KPIs could not be read");
    return [];
  }
}

async function recordOf(orders: readonly KpiOrder[], { line, station }: Question, flow: LineFlow, { view }: IndicatorParts) {
  const spans = orders.flatMap((order) => order.spans);
  if (spans.length === 0 || station === undefined) return undefined;
  const [from, to] = [Math.min(...spans.map((span) => span.from)), Math.max(...spans.map((span) => span.to))];
  return stationRecord(flow, view, station, from, to, line);
}

async function byProduct({ question, line: of, shifts, flow, parts }: Cutting): Promise<Cuts> {
  const { station = of?.constraint, line } = question;
  const [first, last] = [shifts[0], shifts.at(-1)];
  if (first === undefined || last === undefined) return { rows: [] };
  if (station === undefined) return { rows: [], note: message("kpis.cut.productOfStation") };
  const record = await stationRecord(flow, parts.view, station, first.from, last.to, line);
  if (record?.products === undefined) return { rows: [], note: message("kpis.cut.noProduct", { station }) };
  const products = spansOfProducts(record.products, shifts);
  const rows = [...products].map(([product, spans]): Part => {
    const recorded = cutOf(record, spans);
    return { key: product, product, from: spans[0]!.from, to: spans.at(-1)!.to, recorded };
  });
  return { rows: rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)), note: noteOf(question, station) };
}

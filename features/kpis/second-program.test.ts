import {
  elementOf,
  elementsOfStation,
  flowFold,
  flowInstance,
  indicatorValues,
  INDICATORS,
  KPI_ELEMENTS,
  kpiFold,
  kpiInstance,
  lineReadings,
  type FlowFolding,
  type KpiFolding,
  type ShiftResult,
} from "@doppelwerk/operations";
import { createFoldRun, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import {
  batchOf,
  fixtureLine,
  sample,
  SHIFT_START,
  signal,
  station,
  stream,
} from "../../packages/operations/src/line/small-line.fixture.ts";
import { digitsOf, fraction, secondElements, secondKpis, type Fraction, type RawEvent } from "./second-program.fixture.ts";

const DIGITS = 13;
const digits = (value: number): string => (value === 0 ? "0" : value.toPrecision(DIGITS));

test("[KP29] the 34 KPIs of five hundred sets of elements are those of a second program with fractions, every digit", () => {
  const random = stream(22_400);
  for (let set = 0; set < 500; set++) {
    const whole = Object.fromEntries(
      KPI_ELEMENTS.map(({ symbol }) => {
        const value = 1 + Math.floor(random() * 100_000);
        return [symbol, elementOf(symbol)!.group === "quantity" || symbol === "FE" ? value : value / 16];
      }),
    );
    const second = secondKpis(Object.fromEntries(Object.entries(whole).map(([symbol, value]) => [symbol, fraction(value)])));
    expect(Object.keys(second)).toEqual(INDICATORS.map(({ id }) => id));
    for (const { indicator, value } of indicatorValues(whole)) {
      const exact = second[indicator.id]!;
      // a difference of two numbers that are nearly equal has fewer digits than they have
      expect(Math.abs(value! - Number(digitsOf(exact, 17))), indicator.id).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(value!)));
    }
  }
  expect(digitsOf(fraction(0.000125))).toBe("0.0001250000000000");
  expect(digitsOf([2n, 3n])).toBe("0.6666666666667");
});

const at = (minutes: number): number => SHIFT_START + Math.round(minutes * 60) * SECOND;

/** A shift of a station by hand: waits, a long and two short stops, set-up, maintenance, a break, two products, some rejects. */
function rawEvents(): readonly RawEvent[] {
  const events: RawEvent[] = [
    { at: at(-1), role: "Product", value: "P1" },
    { at: at(-1), role: "Blocked", value: false },
    { at: at(-1), role: "Starved", value: false },
    { at: at(-1), role: "OperationMode", value: "Processing" },
    { at: at(-1), role: "ItemState", value: 3 },
  ];
  const during = (role: RawEvent["role"], from: number, to: number, value: RawEvent["value"], after: RawEvent["value"]): void => {
    events.push({ at: at(from), role, value }, { at: at(to), role, value: after });
  };
  during("Starved", 20, 27.5, true, false);
  during("ItemState", 50, 71.25, "Aborted", 3);
  during("ItemState", 90, 92, "Aborted", 3);
  during("Blocked", 110, 118.75, true, false);
  during("OperationMode", 130, 145, "SetUp", "Processing");
  events.push({ at: at(145), role: "Product", value: "P2" });
  during("ItemState", 180, 210, "Idle", 3);
  during("ItemState", 260, 264.5, "Aborted", 3);
  during("ItemState", 300, 306, "Aborted", 3);
  during("OperationMode", 400, 430, "Maintenance", "Processing");
  let [total, good, reject] = [0, 0, 0];
  events.push({ at: at(-1), role: "Total", value: 0 }, { at: at(-1), role: "Good", value: 0 }, { at: at(-1), role: "Reject", value: 0 });
  for (let minute = 0.5; minute < 480; minute++) {
    const waits = [
      [20, 27.5],
      [50, 71.25],
      [90, 92],
      [110, 118.75],
      [130, 145],
      [180, 210],
      [260, 264.5],
      [300, 306],
      [400, 430],
    ].some(([from, to]) => minute >= from! && minute <= to!);
    if (waits) continue;
    events.push({ at: at(minute), role: "Total", value: ++total });
    if (total % 17 === 0) events.push({ at: at(minute), role: "Reject", value: ++reject });
    else events.push({ at: at(minute), role: "Good", value: ++good });
  }
  return events;
}

test("[KP29] the elements of a station over a shift, and the KPIs made of them, are those of a second program out of its raw events", () => {
  const own = station("A", ["Product", "Total", "Good", "Reject", "ItemState", "Blocked", "Starved"], { addedS: { P2: 6 } });
  const line = fixtureLine({ constraint: "A" });
  const stations = line.stations.map((each) =>
    each.id === "A" ? { ...own, signals: { ...own.signals, OperationMode: signal("A", "OperationMode", { valueType: "string" }) } } : each,
  );
  const definition = { ...line, stations };
  const run = createFoldRun([
    { fold: kpiFold, ...kpiInstance(definition) },
    { fold: flowFold, ...flowInstance(definition) },
  ]);
  const events = rawEvents();
  const { batch, ids } = batchOf(events.toSorted((a, b) => a.at - b.at).map(({ at: time, role, value }) => sample("A", role, value, time)));
  run.step(batch, ids);
  const end = SHIFT_START + 8 * HOUR;
  run.advance(end + MINUTE);
  expect(run.faults()).toEqual([]);
  const readings = lineReadings(
    (run.folding("flow", definition.id) as FlowFolding).readings(run.now),
    run.folding("kpis", definition.id) as KpiFolding | undefined,
  );
  const shift = readings
    .shiftIds()
    .map((id) => readings.shift(id) as ShiftResult)
    .find(({ from }) => from === SHIFT_START)!;
  const first = elementsOfStation([shift], "A");
  const second = secondElements(events, {
    from: SHIFT_START,
    to: end,
    breaks: [{ from: at(180), to: at(210) }],
    runTimeS: { P1: 30, P2: 36 },
  });
  expect(first.unknownS).toBe(0);
  for (const [symbol, exact] of Object.entries(second)) expect([symbol, digits(first.values[symbol]!)]).toEqual([symbol, digitsOf(exact)]);
  // by hand: 450 min, of which 30 of maintenance; 21.25 and 6 min of failure; 2 and 4.5 of micro-stops
  expect([first.values["PBT"], first.values["PMT"], first.values["TTR"], first.values["FE"]]).toEqual([27_000, 1_800, 1_635, 2]);
  const elements: Record<string, Fraction> = {
    ...Object.fromEntries(KPI_ELEMENTS.map(({ symbol }) => [symbol, [1n, 1n] as const])),
    ...second,
    // nothing was reworked
    RQ: [0n, 1n],
  };
  const exact = secondKpis(elements);
  const known = indicatorValues(first.values).filter(({ value }) => value !== undefined);
  expect(known.length).toBeGreaterThanOrEqual(14);
  for (const { indicator, value } of known)
    expect([indicator.id, value!.toPrecision(12)]).toEqual([indicator.id, Number(digitsOf(exact[indicator.id]!, 17)).toPrecision(12)]);
});

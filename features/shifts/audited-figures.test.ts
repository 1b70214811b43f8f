import { createLineEngine } from "@doppelwerk/operations";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { figureAuditShape } from "@doppelwerk/ports";
import { expect, test } from "vitest";
import { batchOf, fixtureLine, runLine, sample, SHIFT_START, zoneOffset } from "../../packages/operations/src/line/small-line.fixture.ts";
import { auditedFigures } from "./model/audit/audited-figures.ts";
import { unplannedWithin } from "./model/figures.ts";

test("[SH9] each figure of a shift has its rule, and its terms make its value", () => {
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const { batch, ids } = batchOf(runLine(3, 300).samples);
  engine.step(batch, ids);
  engine.advance(SHIFT_START + 8 * HOUR + 2 * MINUTE);
  const shift = engine.shift("2026-11-23 Early")!;
  const figures = figureAuditShape.array().parse(auditedFigures(fixtureLine(), shift));
  const valueOf = (id: string) => figures.find((figure) => figure.id === id)?.value;
  expect(valueOf("output.good")).toBe(300);
  expect(valueOf("oee.oee")).toBe(shift.oee!.oee);
  expect(valueOf("time.working")).toBe(shift.oee!.actualProductionS);
  expect(valueOf("time.all")).toBe(shift.oee!.plannedBusyS);
  const made = { sum: 0, difference: 0, quotient: 0, product: 0 };
  for (const { id, operator, terms, value } of figures) {
    if (operator === undefined || value === undefined) continue;
    made[operator] += 1;
    const [first = Number.NaN, ...rest] = terms.map((term) => term.value ?? Number.NaN);
    const result = {
      sum: rest.reduce((sum, each) => sum + each, first),
      difference: rest.reduce((left, each) => left - each, first),
      product: rest.reduce((product, each) => product * each, first),
      quotient: first / rest[0]!,
    }[operator];
    expect(result, id).toBeCloseTo(value, 6);
  }
  expect(Object.values(made).every((count) => count > 0)).toBe(true);
  // a term that is a figure leads to one that is there
  const known = new Set(figures.map(({ id }) => id));
  expect(figures.flatMap(({ terms }) => terms.flatMap((term) => term.figure ?? [])).filter((id) => !known.has(id))).toEqual([]);
});

test("[SH11] what was produced outside of any shift is listed from its first to its last unit and audited with counts alone", () => {
  const saturday = SHIFT_START + 5 * 24 * HOUR;
  const engine = createLineEngine(fixtureLine(), { zoneOffset });
  const total = (value: number, at: number) => sample("B", "Total", value, at);
  const { batch, ids } = batchOf([
    total(5, saturday),
    total(6, saturday + MINUTE),
    total(8, saturday + 3 * MINUTE),
    // the next day only a state is told
    sample("B", "ItemState", 3, saturday + 24 * HOUR),
  ]);
  engine.step(batch, ids);
  engine.advance(saturday + 25 * HOUR);
  const unplanned = engine.shiftIds().flatMap((id) => engine.shift(id) ?? []);
  const listed = unplannedWithin({ unplanned }, saturday, saturday + 48 * HOUR);
  expect(listed).toEqual([{ from: saturday + MINUTE, to: saturday + 3 * MINUTE, produced: 3, good: 0 }]);
  expect(unplannedWithin({ unplanned }, saturday + 4 * MINUTE, saturday + 48 * HOUR)).toEqual([]);
  const figures = figureAuditShape.array().parse(auditedFigures(fixtureLine(), engine.shift("2026-11-28 unplanned")!));
  expect(figures.find(({ id }) => id === "oee.produced")?.value).toBe(3);
  expect(new Set(figures.map(({ unit }) => unit))).toEqual(new Set(["units"]));
});

import type { ShiftFiguresValue } from "@doppelwerk/ports";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { ClosedFigures, isRevised } from "./closed-figures.ts";

const END = Date.UTC(2026, 10, 23, 14) * 1000;
const shift = (good: number, more: Partial<ShiftFiguresValue> = {}): ShiftFiguresValue =>
  ({
    name: "Early",
    from: END - 8 * HOUR,
    to: END,
    good,
    produced: good,
    scrap: 0,
    reworked: 0,
    plannedBusyS: 25_800,
    revision: 0,
    ...more,
  }) as never;

function closedFigures() {
  const plant = { now: END + MINUTE, isRead: true, shifts: [shift(593)], running: false };
  const values = new Map<string, unknown>();
  const store = { get: (name: string) => values.get(name), set: async (name: string, value: unknown) => void values.set(name, value) };
  const make = () =>
    new ClosedFigures({
      store,
      flow: { lines: async () => ({ lines: [{ id: "Line3" }], findings: [] }) as never },
      figures: {
        within: async (from, to) =>
          ({ shifts: to - from > 1 || plant.running ? plant.shifts : [], stations: [], constraint: "S", wip: 0 }) as never,
      },
      now: () => plant.now,
      isHistoryRead: async () => plant.isRead,
    });
  return { plant, make };
}

test("[SP7] the figures with which a shift was closed are kept once, and stand after a restart; late data make it a revised one", async () => {
  const { plant, make } = closedFigures();
  const closed = make();
  await closed.look();
  const kept = closed.of("Line3", END - 8 * HOUR)!;
  expect(kept).toMatchObject({ at: END + MINUTE, figures: { good: 593, revision: 0 } });
  expect(isRevised(kept, shift(593, { revision: 3 }))).toBe(false);
  plant.shifts = [shift(595, { revision: 2 })];
  plant.now += HOUR;
  await Promise.all([closed.look(), closed.look()]);
  expect(make().of("Line3", END - 8 * HOUR)).toEqual(kept);
  expect(isRevised(kept, plant.shifts[0]!)).toBe(true);
});

test("[SP7] nothing is kept while the past is read, of a shift that runs, and of one that ended long ago", async () => {
  const { plant, make } = closedFigures();
  const closed = make();
  const looked = async (): Promise<unknown> => {
    await closed.look();
    return closed.of("Line3", END - 8 * HOUR);
  };
  plant.isRead = false;
  expect(await looked()).toBeUndefined();
  [plant.isRead, plant.running] = [true, true];
  expect(await looked()).toBeUndefined();
  [plant.running, plant.now] = [false, END + 13 * HOUR];
  expect(await looked()).toBeUndefined();
});

import type { PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/kit";
import type { FigureAudit } from "@doppelwerk/ports";
import { HOUR, type EventPageQuery } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { withUnits } from "./recorded-units.ts";

const FROM = Date.UTC(2026, 10, 24, 6) * 1_000;
const figure = (id: string, value: number): FigureAudit => ({
  id,
  group: "output",
  title: message("shifts.audit.scrap"),
  value,
  unit: "units",
  from: FROM,
  to: FROM + 8 * HOUR,
  rule: message("shifts.audit.scrapRule"),
  terms: [],
  notes: [],
});
const events = [
  { type: "part.scrapped", at: FROM + 1, payload: { serial: "A1", station: "S060" } },
  { type: "part.scrapped", at: FROM + 2, payload: { serial: "A2", station: "T10" } },
  { type: "part.completed", at: FROM + 3, payload: { serial: "A3", station: "S110", reworked: true } },
  { type: "part.completed", at: FROM + 4, payload: { serial: "A4", station: "S110", reworked: false } },
  { type: "part.scrapped", at: FROM + 5, payload: { serial: "A5", station: "S060" } },
];
/** Answers an event a page. */
const view = {
  events: {
    query: async ({ types = [], from = 0, to = Infinity, cursor = "0" }: EventPageQuery) => {
      const found = events.filter((event) => types.includes(event.type) && event.at >= from && event.at < to);
      const at = Number(cursor);
      return { events: found.slice(at, at + 1), ...(at + 1 < found.length && { next: String(at + 1) }) };
    },
  },
} as unknown as PlantView;

test("[SH10] scrap and units good after rework are listed one by one, of the stations of the line; where the event log has others, how many is said", async () => {
  const figures = [figure("output.scrap", 2), figure("output.reworked", 3), figure("output.good", 5)];
  const [scrap, reworked, good] = await withUnits(figures, view, new Set(["S060", "S110"]));
  const listed = ({ items = [] }: FigureAudit) =>
    items.map(({ title, from }) => [title.params["serial"], title.params["station"], from - FROM]);
  expect(listed(scrap!)).toEqual([
    ["A1", "S060", 1],
    ["A5", "S060", 5],
  ]);
  expect(scrap!.notes).toEqual([]);
  expect(listed(reworked!)).toEqual([["A3", "S110", 3]]);
  expect(reworked!.notes).toEqual([message("shifts.audit.unitsRecorded", { recorded: 1, count: 3 })]);
  expect(good).toBe(figures[2]);
});

import type { PlantView } from "@doppelwerk/kit/server";
import { MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { withCauses } from "./rejection-causes.ts";

const BEGIN = Date.UTC(2026, 10, 23, 6) * 1_000;
const SHIFT = { from: BEGIN, to: BEGIN + 60 * MINUTE };

/** A result a minute around 10 ± 0.2; the one of the thirtieth minute is the given one. */
function viewOf(values: Readonly<Record<string, (minute: number) => number>>, hidden: readonly string[] = []): PlantView {
  const rows = (id: string) => Array.from({ length: 60 }, (_, minute) => values[id]!(minute));
  return {
    signal: (id: string) => (hidden.includes(id) || values[id] === undefined ? undefined : { id, name: id, valueType: "double" }),
    history: {
      buckets: async ({ signal }: { readonly signal: string }) => ({ count: [rows(signal).length] }),
      raw: async ({ signal }: { readonly signal: string }) => ({
        times: rows(signal).map((_, minute) => BEGIN + minute * MINUTE),
        values: rows(signal),
        qualities: rows(signal).map(() => 0),
      }),
    },
  } as never;
}

const stations = [{ id: "S1", processValues: [{ id: "S1.leak", unit: "kPa" }, { id: "S1.force" }] }] as never;
const part = (minute: number) => ({ serial: `A${minute}`, station: "S1", at: BEGIN + minute * MINUTE + 2 * SECOND, tries: 1 });
const usual = (minute: number): number => (98 + ((minute * 7) % 5)) / 10;

test("[SP8] a rejected part has the result of its station that was farthest from what is usual, with the range of 90 % of them; one that is as usual has none", async () => {
  const view = viewOf({
    "S1.leak": (minute) => (minute === 30 ? 14 : usual(minute)),
    "S1.force": (minute) => (minute === 30 ? 11.5 : usual(minute)),
  });
  const [far, near, early] = await withCauses([part(30), part(20), { ...part(40), at: BEGIN - 5 * MINUTE }], view, SHIFT, stations);
  expect(far).toEqual({ ...part(30), why: { signal: "S1.leak", name: "leak", unit: "kPa", value: 14, low: 9.8, high: 10.2 } });
  expect(near).toEqual(part(20));
  // no result lies near it
  expect(early).not.toHaveProperty("why");
});

test("[SP8] a result that may not be read is left out, and of a station that the line does not have nothing is concluded", async () => {
  const values = { "S1.leak": (minute: number) => (minute === 30 ? 14 : usual(minute)), "S1.force": usual };
  const [hidden] = await withCauses([part(30)], viewOf(values, ["S1.leak"]), SHIFT, stations);
  expect(hidden).toEqual(part(30));
  const [other] = await withCauses([{ ...part(30), station: "S9" }], viewOf(values), SHIFT, stations);
  expect(other).not.toHaveProperty("why");
  // a value that never differs has no spread
  const [still] = await withCauses([part(30)], viewOf({ "S1.leak": () => 10 }), SHIFT, stations);
  expect(still).toEqual(part(30));
});

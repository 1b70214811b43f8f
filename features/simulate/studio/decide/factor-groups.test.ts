import { expect, test } from "vitest";
import type { Factor } from "@doppelwerk/client";
import { factorGroups, foundFactors } from "./factor-groups.ts";

const factor = (key: string, group: Factor["group"], element = key): Factor => ({
  element,
  key,
  ...(key.includes("/") ? { station: key.split("/")[0]! } : {}),
  label: group === "places" ? { en: "Places", zh: "工位数" } : { en: "Buffer before", zh: "前缓存容量" },
  unit: "1",
  group,
  live: 1,
  value: 1,
  min: 0,
  max: 9,
  step: 1,
  propertyClass: "logistics",
  outsideObserved: false,
});
const lineA = {
  line: "A",
  factors: [
    factor("S10/Places", "places"),
    factor("S10/Buffer", "buffer"),
    factor("S90/Places", "places"),
    factor("Store", "buffer", "store"),
  ],
};
const lineB = { line: "B", factors: [factor("S20/Places", "places"), factor("Store", "buffer", "store")] };
const shape = (groups: ReturnType<typeof factorGroups>) =>
  groups.map(({ line, station, kind, factors }) => [line, kind ?? station, factors.length]);

test("[SV89] factors stand in groups by station in the order of the line, what is selected and the constraint first, of every chosen line", () => {
  expect(shape(factorGroups([lineA], "station"))).toEqual([
    ["A", "S10", 2],
    ["A", "S90", 1],
    ["A", undefined, 1],
  ]);
  // a buffer that both lines share stands once, and the constraint leads
  expect(shape(factorGroups([lineA, lineB], "station", [undefined, "S90"]))).toEqual([
    ["A", "S90", 1],
    ["A", "S10", 2],
    ["A", undefined, 1],
    ["B", "S20", 1],
  ]);
  expect(shape(factorGroups([lineA], "kind"))).toEqual([
    ["A", "places", 2],
    ["A", "buffer", 2],
  ]);
});

test("[SV89] a search finds every word in station or name, in either language", () => {
  const found = (text: string) => foundFactors([lineA], text)[0]!.factors.map(({ key }) => key);
  expect(found("s10 buf")).toEqual(["S10/Buffer"]);
  expect(found("工位数 s90")).toEqual(["S90/Places"]);
  expect(found("  ")).toHaveLength(4);
  expect(found("nothing")).toEqual([]);
});

import { expect, test } from "vitest";
import { identitiesOf } from "./identified-lines.ts";

const text = (en: string) => ({ en, zh: en });
const line = (id: string, shell: string, stations: readonly string[]) => ({
  id,
  shell,
  stations: stations.map((station) => ({ id: station, title: text(station), shell: `${shell}/${station}` })),
});
const named = (...lines: Parameters<typeof identitiesOf>[0]) => {
  const created = new Map(lines.map(({ shell }, at) => [shell, at]));
  return identitiesOf(lines, (shell) => created.get(shell)!);
};

test("[LN4] the line whose shell is the oldest keeps its names; a later one with a taken id gets a number, its stations its name", () => {
  const [first, second, third] = [line("L", "b", ["S1", "S2"]), line("L", "a", ["S1", "S9"]), line("M", "c", ["S9", "L.2.S1", "S1"])];
  const identities = named(first, second, third);
  expect(identities.get("b")).toMatchObject({ id: "L", rank: 0, stations: new Map() });
  expect(identities.get("a")).toMatchObject({ id: "L.2", rank: 1, stations: new Map([["S1", "L.2.S1"]]) });
  expect(identities.get("c")).toMatchObject({
    id: "M",
    rank: 2,
    stations: new Map([
      ["S9", "M.S9"],
      ["L.2.S1", "M.L.2.S1"],
      ["S1", "M.S1"],
    ]),
  });
  const ids = [...identities.entries()].flatMap(([shell, { stations }]) =>
    [first, second, third].find((one) => one.shell === shell)!.stations.map(({ id }) => stations.get(id) ?? id),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("[LN4] what is added later changes no name that is there, and lines of one revision are in the order of their shells", () => {
  const [first, second] = [line("L", "b", ["S1"]), line("L", "a", ["S1"])];
  expect(named(first, second, line("N", "0", ["S1", "S2"])).get("a")).toEqual(named(first, second).get("a"));
  expect(identitiesOf([first, second], () => 7).get("a")).toMatchObject({ id: "L", rank: 0 });
});

test("[LN5] a station that stands in two lines belongs to the first", () => {
  const [first, second] = [line("L", "a", ["S1"]), line("M", "b", ["S1", "S2"])];
  const shared = { ...second, stations: [first.stations[0]!, second.stations[1]!] };
  expect(named(first, shared).get("b")).toMatchObject({ stations: new Map([["S1", "M.S1"]]), shared: new Map([["M.S1", "L"]]) });
  expect(named(first, shared).get("a")!.shared.size).toBe(0);
});

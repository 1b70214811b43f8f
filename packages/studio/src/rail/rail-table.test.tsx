import type { Rail } from "@doppelwerk/client";
import { startLanguage, translate } from "@doppelwerk/ui";
import { HOUR } from "@doppelwerk/world";
import { beforeAll, expect, test } from "vitest";
import { railRows } from "./rail-table.tsx";

beforeAll(() => startLanguage("en"));

const lane = {
  marks: () => [{ at: 5 * HOUR, shape: 1 as const, count: 2 }],
  words: () => ({ name: "2 alarms", text: "S090" }),
};

test("[U141] the Rail is read as a table: shifts with figures, marks and forks by time, as drawn", () => {
  const fan = [{ at: 9 * HOUR, p025: 1, p25: 2, p50: 612.4, p75: 4, p975: 5 }];
  const rail = {
    from: 0,
    to: 8 * HOUR,
    now: 8 * HOUR,
    band: [],
    shifts: [
      { from: 6 * HOUR, to: 8 * HOUR, name: "Early", good: undefined, oee: undefined },
      { from: 0, to: 6 * HOUR, name: "Night", good: 537, oee: 0.8123 },
    ],
    alarms: [],
    changes: [],
    lanes: [
      { branch: { id: "live", name: "live", instant: 0 }, fan: [] },
      { branch: { id: "branch:a", name: "one place more", instant: 7 * HOUR }, fan },
      { branch: { id: "branch:b", name: "given up", instant: 7 * HOUR, closed: { as: "abandoned", at: 7.5 * HOUR } }, fan },
    ],
  } as unknown as Rail;
  const rows = railRows(rail, [{ row: "above", lane }], { t: translate, clock: (instant) => `${instant / HOUR} h` });
  expect(rows.map(({ at, what }) => [at / HOUR, what])).toEqual([
    [0, expect.stringMatching(/^Night.*537 good, OEE 81\.2 %$/)],
    [5, "2 alarms · S090"],
    [6, expect.stringMatching(/^Early/)],
    [7, "one place more: 612 good units expected from 7 h to 9 h"],
  ]);
});

import type { AlarmItem } from "@doppelwerk/sync";
import { expect, test } from "vitest";
import { mostUrgentFirst } from "./most-urgent-first.ts";
import { annunciatedTransitions } from "./annunciated.ts";

const item = (changed: number, state: AlarmItem["state"], rule = "r", priority: 1 | 2 | 3 | 4 = 2): AlarmItem => ({
  id: `${rule} ${changed}`,
  rule,
  station: "S090",
  title: { en: "", zh: "" },
  state,
  priority,
  since: changed,
  changed,
});

test("[U25] history leaves out what was suppressed by design and the return from it, nothing else", () => {
  const history = [
    item(5, "normal"),
    item(4, "suppressedByDesign"),
    item(3, "normal"),
    item(2, "acknowledged"),
    item(1, "unacknowledged"),
    item(0, "normal", "other"),
  ];
  expect(annunciatedTransitions(history).map(({ changed }) => changed)).toEqual([3, 2, 1, 0]);
});

test("[U25] of a return that nobody had to acknowledge only the end is shown", () => {
  const history = [
    item(9, "normal"),
    item(8, "returnedUnacknowledged"),
    item(6, "normal"),
    item(6, "returnedUnacknowledged"),
    item(5, "unacknowledged"),
  ];
  expect(annunciatedTransitions(history).map(({ changed, state }) => `${changed} ${state}`)).toEqual([
    "9 normal",
    "8 returnedUnacknowledged",
    "6 normal",
    "5 unacknowledged",
  ]);
});

test("[U26] unacknowledged comes before acknowledged, then priority, then the newest", () => {
  const list = [
    item(1, "acknowledged", "a", 1),
    item(2, "unacknowledged", "b", 3),
    item(3, "unacknowledged", "c", 2),
    item(4, "unacknowledged", "d", 2),
    item(5, "shelved", "e", 1),
  ];
  expect(list.toSorted(mostUrgentFirst).map((alarm) => alarm.rule)).toEqual(["d", "c", "b", "a", "e"]);
});

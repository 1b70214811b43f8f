import type { AlarmItem } from "@doppelwerk/sync";
import { expect, test } from "vitest";
import { mostUrgentFirst } from "./most-urgent-first.ts";

const item = (changed: number, state: AlarmItem["state"], rule: string, priority: 1 | 2 | 3 | 4): AlarmItem => ({
  id: `${rule} ${changed}`,
  rule,
  station: "S090",
  title: { en: "", zh: "" },
  state,
  priority,
  since: changed,
  changed,
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

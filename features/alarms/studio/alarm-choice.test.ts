import { expect, test } from "vitest";
import { formatAlarmChoice, parseAlarmChoice } from "./alarm-choice.ts";

test("[AL33] what the page lists travels in the link; what a link cannot mean falls back field by field", () => {
  const plain = { list: "active", span: "1d", priorities: [], place: undefined, search: "", grouping: "firstOut" } as const;
  expect(parseAlarmChoice(undefined)).toEqual(plain);
  expect(formatAlarmChoice(plain)).toBeUndefined();
  const chosen = {
    list: "journal",
    span: "7d",
    priorities: [1, 3],
    place: "line:a/b",
    search: "Film & 100 %/2",
    grouping: "station",
    sort: { by: "duration", descending: true },
  } as const;
  expect(parseAlarmChoice(formatAlarmChoice(chosen))).toEqual(chosen);
  const ofShift = { ...chosen, span: "lastShift" } as const;
  expect(parseAlarmChoice(formatAlarmChoice(ofShift))).toEqual(ofShift);
  expect(parseAlarmChoice("journal/w=9y&p=7,2&o=nothing")).toEqual({ ...plain, list: "journal", priorities: [2] });
  expect(parseAlarmChoice("rules/alarmRule:1").list).toBe("rules");
});

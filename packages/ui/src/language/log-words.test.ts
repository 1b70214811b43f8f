import { isMessage } from "@doppelwerk/messages";
import { readEventLog } from "@doppelwerk/sim/event-log";
import { expect, test } from "vitest";
import { dateOfLog, noteCode, periodOf } from "./log-words.ts";

const notesOf = (...rows: readonly string[]): readonly (string | undefined)[] => {
  const log = readEventLog(rows.map((row) => row.split(",")));
  if (isMessage(log)) throw new Error(log.code);
  return log.notes.map((note) => noteCode(note)?.code);
};

test("[U76] every note of a log that was read has its word, with its figure", () => {
  const [a, b, c] = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"];
  expect(notesOf("case,activity,start,end", `1,x,${b},${a}`, `1,y,${b},${c}`, `2,x,${a},`)).toEqual(["turned", "incomplete"]);
  const life = "case,activity,time,lifecycle:transition";
  expect(notesOf(life, `1,x,${a},start`, `1,x,${b},complete`, `2,x,${b},complete`, `3,x,${b},start`)).toEqual(["alone", "unended"]);
  expect(notesOf(life, `1,x,${a},start`, `1,x,${b},complete`, `2,x,${b},suspend`)).toEqual(["otherStep"]);
  expect(notesOf(life, `1,x,${a},Closed`, `1,y,${b},In Progress`)).toEqual(["noStep", "endsOnly"]);
  expect(notesOf("case,activity,time", `1,x,${a}`, `1,y,${b}`)).toEqual(["endsOnly"]);
  expect(notesOf("case,activity,time", "1,x,03/04/2026 08:00")).toEqual(["dayOrder", "endsOnly"]);
  expect(notesOf("case,activity,start", `1,x,${a}`, `1,y,${b}`)).toEqual(["startsOnly"]);
  expect(noteCode("17 ends have no start: taken as of no length")).toEqual({ code: "alone", count: 17 });
  expect(noteCode("something newer")).toBeUndefined();
});

test("[U76] moments of a log have their year, periods their unit", () => {
  expect(dateOfLog(Date.UTC(2012, 0, 30, 23, 30) * 1000, 60)).toBe("2012-01-31 00:30");
  expect([604_800, 28_800, 600].map(periodOf)).toEqual([
    { unit: "days", count: 7 },
    { unit: "hours", count: 8 },
    { unit: "minutes", count: 10 },
  ]);
});

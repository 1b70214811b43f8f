import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlarmRule } from "@doppelwerk/operations";
import { afterAll, expect, test } from "vitest";
import { RuleBook } from "./rule-book.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (en: string) => ({ en, zh: en });
const rule = (id: string, limit: number, signal = "signal:a"): AlarmRule => ({
  id,
  kind: "alarmRule",
  title: text(id),
  condition: { kind: "high", signal, limit, deadband: 0 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("cause"),
  consequence: text("consequence"),
  response: text("response"),
  timeToRespondS: 60,
  latching: false,
  suppressedIn: [],
  enabled: true,
});
const never = (error: unknown): never => {
  throw error;
};
const storedIn =
  (...ids: readonly string[]) =>
  (id: string) =>
    ids.includes(id);

test("[SV157] the first rules hold from the beginning, what somebody edits or stores from then on; defaults of the plant as ever", () => {
  const path = join(folder, "rules.json");
  const book = new RuleBook(path, never);
  book.take([rule("default", 1), rule("own", 1)], storedIn("own"), 100);
  expect(book.since).toEqual(new Map());
  const edited = [rule("default", 2), rule("own", 2, "signal:b"), rule("new", 1)];
  expect(book.changes(edited, storedIn("default", "own", "new"))).toMatchObject({
    edited: [rule("default", 1), rule("own", 1)],
    deleted: [],
    defaultsChanged: false,
  });
  book.take(edited, storedIn("default", "own", "new"), 200);
  expect(Object.fromEntries(book.since)).toEqual({ default: 200, own: 200, new: 200 });
  expect(book.formerSignals("own")).toEqual(["signal:a"]);
  // read again, nothing is different
  const again = new RuleBook(path, never);
  expect(again.changes(edited, storedIn("default", "own", "new"))).toEqual({ edited: [], deleted: [], defaultsChanged: false });
  again.take(edited, storedIn("default", "own", "new"), 300);
  expect(again.since).toEqual(book.since);
  // the default comes back, one is deleted, the plant brings another default
  const next = [rule("default", 1), rule("new", 1), rule("grown", 1)];
  expect(again.changes(next, storedIn("new"))).toMatchObject({
    edited: [rule("default", 2)],
    deleted: [rule("own", 2, "signal:b")],
    defaultsChanged: true,
  });
  again.take(next, storedIn("new"), 400);
  expect(Object.fromEntries(again.since)).toMatchObject({ default: 400, new: 200 });
  expect(again.since.has("grown")).toBe(false);
  expect(again.deleted.map(({ id }) => id)).toEqual(["own"]);
});

test("[SV157] a damaged book is reported and begun anew; a book that cannot be written is written with the next change", () => {
  const path = join(folder, "damaged.json");
  writeFileSync(path, "[{");
  const faults: unknown[] = [];
  const book = new RuleBook(path, (error) => faults.push(error));
  expect(faults).toHaveLength(1);
  book.take([rule("own", 1)], storedIn("own"), 100);
  expect(Object.fromEntries(book.since)).toEqual({ own: 100 });
  expect(JSON.parse(readFileSync(path, "utf8"))).toHaveLength(1);
  const nowhere = new RuleBook(join(folder, "gone", "rules.json"), (error) => faults.push(error));
  nowhere.take([rule("own", 1)], storedIn("own"), 100);
  expect(faults).toHaveLength(2);
  expect(nowhere.since).toEqual(new Map());
});

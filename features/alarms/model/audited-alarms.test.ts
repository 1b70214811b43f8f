import type { AlarmItem } from "@doppelwerk/sync";
import { figureAuditShape } from "@doppelwerk/ports";
import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { AlarmOccurrence } from "../contract.ts";
import { auditedAlarms } from "./audited-alarms.ts";

const FROM = Date.UTC(2026, 10, 24, 6) * 1_000;
const AT = FROM + 3 * HOUR;
const title = { en: "Failed", zh: "故障" };
const alarm = (id: string, state: AlarmItem["state"], minutesAgo: number, priority: 1 | 2 | 3 | 4 = 2): AlarmItem => ({
  id,
  rule: id,
  station: "S010",
  title,
  state,
  priority,
  since: AT - minutesAgo * MINUTE,
  changed: AT,
});
const occurrence = (rule: string, minute: number, more: Partial<AlarmOccurrence> = {}): AlarmOccurrence => ({
  key: `${rule}@${minute}`,
  rule,
  station: "S010",
  title,
  priority: 3,
  state: "normal",
  raised: FROM + minute * MINUTE,
  ...more,
});

test("[AL35] [AL55] counts of alarms show what is counted and what is not: shelved, suppressed, out of service, acknowledged, raised before the shift", () => {
  const known = [
    alarm("a", "unacknowledged", 5, 1),
    alarm("b", "acknowledged", 20),
    alarm("c", "returnedUnacknowledged", 30),
    alarm("d", "shelved", 40),
    alarm("e", "suppressedByDesign", 50),
    alarm("f", "outOfService", 60),
  ];
  const occurrences = [
    occurrence("a", 175),
    occurrence("g", 10, { returned: FROM + 12 * MINUTE }),
    occurrence("d", 20, { suppressed: FROM + 25 * MINUTE }),
    occurrence("b", -5),
  ];
  const figures = figureAuditShape
    .array()
    .parse(auditedAlarms({ at: AT, known, span: { from: FROM, to: AT }, occurrences, knownAtEnd: known }));
  const of = (id: string) => figures.find((figure) => figure.id === `alarms.${id}`)!;
  const counted = (id: string) => of(id).items!.filter(({ isCounted }) => isCounted).length;
  const why = (id: string) =>
    of(id)
      .items!.filter(({ isCounted }) => !isCounted)
      .map((item) => item.why!.code.replace("alarms.audit.", ""));
  // by hand: a and b are active, c returned; a and c nobody acknowledged; a alone within ten minutes; a, g and d were raised in the shift
  expect(["active", "unacknowledged", "recent", "raised"].map((id) => [of(id).value, counted(id)])).toEqual([
    [2, 2],
    [2, 2],
    [1, 1],
    [3, 3],
  ]);
  expect(why("active")).toEqual(["returned", "shelved", "suppressed", "outOfService"]);
  expect(why("unacknowledged")).toEqual(["acknowledged", "shelved", "suppressed", "outOfService"]);
  expect(why("recent")).toEqual(["older", "older", "shelved", "suppressed", "outOfService"]);
  expect(why("raised")).toEqual(["before", "shelved", "suppressed", "outOfService"]);
  for (const { terms, value } of figures) expect(terms.reduce((sum, term) => sum + (term.value ?? 0), 0)).toBe(value);
  expect(of("active").terms.map((term) => term.value)).toEqual([1, 1, 0, 0]);
  const without = auditedAlarms({ at: AT, known: [], span: undefined, occurrences: [], knownAtEnd: [] });
  expect(without.map(({ id, value }) => [id, value])).toEqual([
    ["alarms.active", 0],
    ["alarms.unacknowledged", 0],
    ["alarms.recent", 0],
  ]);
});

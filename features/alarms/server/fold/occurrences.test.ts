import { alarmSignalId, type AlarmEvent, type AlarmRule } from "@doppelwerk/operations";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { batchOfKept, LIVE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { readCursor } from "../transition-page.ts";
import { countRaises } from "../rule-counts.ts";
import { readOccurrences, type OccurrenceQuery } from "./occurrence-page.ts";
import { firstOutGroup, firstOuts, occurrencesOf, type Occurrence } from "./occurrences.ts";

type Step = readonly [action: AlarmEvent["action"], state: AlarmEvent["state"], second: number];

const stepsOf = (rule: string, steps: readonly Step[], more: Partial<AlarmEvent> = {}): AlarmEvent[] => {
  let raisedAt = 0;
  return steps.map(([action, state, second]) => {
    const instant = second * SECOND;
    const known = action === "alarm" ? {} : { raisedAt };
    if (action === "alarm") raisedAt = instant;
    const who = action === "acknowledge" || action === "shelve" ? { actor: "person:ada" } : {};
    return { rule, action, state, instant, firstOut: false, ...known, ...who, ...more } as unknown as AlarmEvent;
  });
};
const raisedAt = ({ raise, returned, acknowledged, suppressed, raisedAgain }: Occurrence) =>
  [raise.instant, acknowledged, returned, suppressed, raisedAgain].map((instant) => (instant === undefined ? undefined : instant / SECOND));

test("[AL32] [U25] raise, acknowledgement and return are one occurrence; a new raise, a shelving and a suppression end it", () => {
  const steps = stepsOf("r", [
    ["return", "normal", 1],
    ["alarm", "unacknowledged", 2],
    ["acknowledge", "acknowledged", 3],
    ["return", "normal", 4],
    ["alarm", "unacknowledged", 5],
    ["return", "returnedUnacknowledged", 6],
    ["alarm", "unacknowledged", 7],
    ["return", "returnedUnacknowledged", 8],
    ["acknowledge", "normal", 9],
    ["suppress", "suppressedByDesign", 10],
    ["unsuppress", "normal", 11],
    ["alarm", "unacknowledged", 12],
    ["shelve", "shelved", 13],
    ["unshelve", "normal", 14],
    ["alarm", "unacknowledged", 14],
    ["acknowledge", "acknowledged", 15],
  ]);
  // raised, acknowledged, returned, suppressed, raised again
  expect(occurrencesOf(steps).map(raisedAt)).toEqual([
    [2, 3, 4, undefined, undefined],
    [5, undefined, 6, undefined, 7],
    [7, 9, 8, undefined, undefined],
    [12, undefined, undefined, 13, undefined],
    [14, 15, undefined, undefined, undefined],
  ]);
  expect(occurrencesOf(steps).map(({ actor }) => actor)).toEqual(["person:ada", undefined, "person:ada", undefined, "person:ada"]);
  // one that returned and was raised at one instant lasts
  const flicker = stepsOf("r", [
    ["alarm", "unacknowledged", 2],
    ["return", "returnedUnacknowledged", 2],
    ["alarm", "unacknowledged", 2],
  ]);
  expect(occurrencesOf(flicker).map(raisedAt)).toEqual([[2, undefined, undefined, undefined, undefined]]);
});

test("[AL32] those raised within a minute of one another follow the first out of their line; what follows an unread one follows nothing", () => {
  const raise = (rule: string, second: number, firstOut = false) =>
    occurrencesOf(stepsOf(rule, [["alarm", "unacknowledged", second]], { firstOut }))[0]!;
  const all = [
    raise("a", 100, true),
    raise("b", 130),
    raise("c", 185),
    raise("other", 150, true),
    // its first out may not be read
    raise("d", 400),
    raise("e", 600, true),
  ];
  const ledBy = firstOuts(all, ({ rule }) => firstOutGroup(rule === "other" ? "line 4" : "line 3", undefined));
  expect([...ledBy].map(([each, leader]) => [each.raise.rule, leader.raise.rule])).toEqual([
    ["b", "a"],
    ["c", "a"],
  ]);
  // a rule that names a group follows within the group and its time, and others of the line do not
  const air = { firstOut: { group: "air", withinS: 10 } };
  const grouped = [raise("a", 100, true), raise("air1", 101, true), raise("b", 105), raise("air2", 109), raise("air3", 130, true)];
  const led = firstOuts(grouped, ({ rule }) => firstOutGroup("line 3", rule.startsWith("air") ? air : undefined));
  expect([...led].map(([each, leader]) => [each.raise.rule, leader.raise.rule])).toEqual([
    ["b", "a"],
    ["air2", "air1"],
  ]);
});

const rules = Array.from({ length: 6 }, (_, n) => ({ id: `alarmRule:${n}`, station: n % 2 === 0 ? "S10" : "S20" }) as AlarmRule);

/** Steps that an engine could have made, in order of time, rule by rule. */
function randomSteps(random: () => number): AlarmEvent[][] {
  return rules.map(({ id }) => {
    let second = Math.floor(random() * 100);
    const steps: Step[] = [];
    for (let n = 0; n < 40; n++) {
      const pause = () => (second += Math.floor(random() * 50));
      steps.push(["alarm", "unacknowledged", pause()]);
      const isAcknowledged = random() > 0.5;
      if (isAcknowledged) steps.push(["acknowledge", "acknowledged", pause()]);
      steps.push(["return", isAcknowledged ? "normal" : "returnedUnacknowledged", pause()]);
      second += 1;
    }
    return stepsOf(id, steps, { firstOut: random() > 0.5 });
  });
}

test("[AL32] [level: fuzz] pages of any size over any period are the occurrences that lasted in it, each once, newest first, as they were at its end", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const history = createMemoryHistory();
  const all = randomSteps(random);
  const ids = rules.map(({ id }) => alarmSignalId(id));
  for (const [n, steps] of all.entries()) {
    const kept = steps.map((event) => ({ signal: ids[n]!, time: event.instant, value: 1, text: JSON.stringify(event) }));
    await history.append(LIVE, batchOfKept(kept, (signal) => ids.indexOf(signal)), ids); // prettier-ignore
  }
  const last = Math.max(...all.flat().map(({ instant }) => instant));
  const source = { history, rules, groupOf: () => firstOutGroup("line", undefined) };
  for (let trial = 0; trial < 60; trial++) {
    const from = Math.floor(random() * last) + 1;
    const to = from + 1 + Math.floor(random() * (last - from));
    const limit = 1 + Math.floor(random() * 30);
    const query: OccurrenceQuery = { from, to, limit, isAsked: ({ station }) => trial % 2 === 0 || station === "S10" };
    const found: Occurrence[] = [];
    let next: string | undefined;
    do {
      const page = await readOccurrences(source, query, next === undefined ? undefined : readCursor(next));
      expect(page.occurrences.length).toBeLessThanOrEqual(limit);
      found.push(...page.occurrences);
      next = page.next;
    } while (next !== undefined);
    // from scratch: all that was recorded before the end, without those that were over before the beginning
    const expected = all
      .flatMap((steps) => occurrencesOf(steps.filter(({ instant }) => instant < to)))
      .filter(({ raise, raisedAgain, ...each }) => {
        const isOver = each.last.state === "normal" ? each.last.instant : raisedAgain;
        return (
          (raise.instant >= from || isOver === undefined || isOver >= from) && query.isAsked(rules.find(({ id }) => id === raise.rule)!)
        );
      })
      .toSorted((a, b) => b.raise.instant - a.raise.instant || (a.raise.rule < b.raise.rule ? -1 : 1));
    expect(found.map(raisedAt), `seed ${seed}, trial ${trial}`).toEqual(expected.map(raisedAt));
  }
});

test("[AL45] a rule is counted as often as it was raised in the day and in the week, whatever became of it, and rules that were not are counted as 0", async () => {
  const history = createMemoryHistory();
  const hour = 3_600;
  const [often, never, old] = ["alarmRule:often", "alarmRule:never", "alarmRule:old"];
  const steps = [
    // raised before the week and over within it: not counted; three times in the week, one of them within the day and not over
    ...stepsOf(often, [
      ["alarm", "unacknowledged", hour],
      ["return", "returnedUnacknowledged", 3 * hour],
      ["alarm", "unacknowledged", 5 * hour],
      ["shelve", "shelved", 6 * hour],
      ["unshelve", "normal", 7 * hour],
      ["alarm", "unacknowledged", 8 * hour],
      ["return", "normal", 9 * hour],
      ["alarm", "unacknowledged", 160 * hour],
    ]),
    ...stepsOf(old, [["alarm", "unacknowledged", hour]]),
  ];
  const signals = [often, old].map(alarmSignalId);
  const kept = steps.map((event) => ({ signal: alarmSignalId(event.rule), time: event.instant, value: 1, text: JSON.stringify(event) }));
  await history.append(LIVE, batchOfKept(kept, (signal) => signals.indexOf(signal)), signals); // prettier-ignore
  const to = 170 * hour * SECOND;
  const span = { week: 2 * hour * SECOND, day: to - 24 * hour * SECOND, to };
  expect(await countRaises(history, [{ id: often }, { id: never }, { id: old }], span)).toEqual([
    { rule: often, day: 1, week: 3, last: 160 * hour * SECOND },
    { rule: never, day: 0, week: 0 },
    { rule: old, day: 0, week: 0 },
  ]);
});

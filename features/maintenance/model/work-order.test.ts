import { expect, test } from "vitest";
import { actOfEvent, type Act, type RecordedAct } from "./acts.ts";
import { after, byUrgency, foldOrder, refusal, type WorkOrder } from "./work-order.ts";

const text = (en: string) => ({ en, zh: en });
const OPENED: Act = {
  act: "opened",
  number: "WO-0001",
  title: text("Change the seal"),
  shell: "urn:s90",
  station: "S90",
  priority: 2,
  due: 1_000,
  steps: [
    { text: text("Open the guard"), needsLockOut: true },
    { text: text("Take a picture"), needsLockOut: false },
  ],
  lockOut: [{ text: text("Main switch Q1") }, { text: text("Air valve V3") }],
  parts: [],
  source: { kind: "person", at: 100 },
};
const ANA = "person:ana";
const BEN = "person:ben";

function recorded(...acts: readonly (readonly [by: string, act: Act])[]): RecordedAct[] {
  return acts.map(([by, act], at) => ({ order: "o", n: at + 1, at: 100 + at, known: 100 + at, by, act }));
}
const WHOLE = recorded(
  [ANA, OPENED],
  [ANA, { act: "started" }],
  [ANA, { act: "locked", point: 0, tag: "7" }],
  [ANA, { act: "locked", point: 1 }],
  [ANA, { act: "stepDone", step: 0 }],
  [ANA, { act: "stepDone", step: 1, note: "worn" }],
  [ANA, { act: "partUsed", part: "SEAL-1", quantity: 2 }],
  [ANA, { act: "unlocked", point: 0 }],
  [ANA, { act: "unlocked", point: 1 }],
  [ANA, { act: "finished" }],
  [BEN, { act: "signedOff", seen: 10 }],
);
const upTo = (count: number): WorkOrder => foldOrder(WHOLE.slice(0, count))!;
const codeOf = (order: WorkOrder, act: Act, by = ANA): string | undefined => refusal(order, act, by)?.code;

test("[MN1] a work order is what its acts leave: in any order of reading, twice the same, and up to a gap", () => {
  const whole = foldOrder(WHOLE)!;
  expect(whole).toMatchObject({
    state: "signedOff",
    owner: ANA,
    startedAt: 101,
    signed: { by: BEN },
    used: [{ part: "SEAL-1" }],
    acts: 11,
  });
  expect(foldOrder(WHOLE.toReversed())).toEqual(whole);
  expect(foldOrder([...WHOLE, ...WHOLE.slice(3, 7)])).toEqual(whole);
  expect(foldOrder([...WHOLE.slice(0, 3), ...WHOLE.slice(5)])).toEqual(upTo(3));
  expect(foldOrder(WHOLE.slice(1))).toBeUndefined();
  // step by step as in one go
  expect(WHOLE.slice(1).reduce(after, upTo(1))).toEqual(whole);
  expect(actOfEvent({ at: 1, known: 1, payload: { order: "o", n: 1, what: { act: "exploded" } } })).toBeUndefined();
});

test("[MN2] every act of the work above is allowed when it comes, and none of them out of its order", () => {
  for (const [at, { act, by }] of WHOLE.entries()) if (at > 0) expect(codeOf(upTo(at), act, by), act.act).toBeUndefined();
  const code = (name: string): string => `maintenance.refused.${name}`;
  expect(codeOf(upTo(1), { act: "stepDone", step: 1 })).toBe(code("notStarted"));
  expect(codeOf(upTo(1), { act: "locked", point: 0 })).toBe(code("notStarted"));
  expect(codeOf(upTo(3), { act: "stepDone", step: 0 })).toBe(code("notLocked"));
  expect(codeOf(upTo(3), { act: "stepDone", step: 1 })).toBeUndefined();
  expect(codeOf(upTo(3), { act: "unlocked", point: 0 }, BEN)).toBe(code("notYourLock"));
  expect(codeOf(upTo(3), { act: "cancelled", reason: "x" })).toBe(code("stillLocked"));
  expect(codeOf(upTo(5), { act: "finished" })).toBe(code("stepsOpen"));
  expect(codeOf(upTo(7), { act: "finished" })).toBe(code("stillLocked"));
  expect(codeOf(upTo(5), { act: "stepDone", step: 0 })).toBe(code("stepAlready"));
  expect(codeOf(upTo(5), { act: "stepDone", step: 9 })).toBe(code("noStep"));
  expect(codeOf(upTo(9), { act: "signedOff", seen: 9 }, BEN)).toBe(code("notFinished"));
  expect(codeOf(upTo(10), { act: "signedOff", seen: 10 }, ANA)).toBe(code("ownWork"));
  expect(codeOf(upTo(10), { act: "signedOff", seen: 9 }, BEN)).toBe(code("changed"));
  expect(codeOf(upTo(10), { act: "stepUndone", step: 0 })).toBe(code("finished"));
  expect(codeOf(upTo(11), { act: "started" })).toBe(code("over"));
  expect(codeOf(upTo(11), { act: "noted", text: "the seal was of another make" })).toBeUndefined();
  const reopened = foldOrder([
    ...WHOLE.slice(0, 10),
    ...recorded([BEN, { act: "reopened", reason: "leaks" }]).map((each) => ({ ...each, n: 11 })),
  ])!;
  expect(reopened).toMatchObject({ state: "started", notes: [{ by: BEN, text: "leaks" }] });
  expect(reopened.finished).toBeUndefined();
});

test("[MN1] the most urgent come first: by due date, without one last, then by priority", () => {
  const order = (id: string, priority: 1 | 2 | 3 | 4, due?: number): WorkOrder => {
    const { due: _due, ...rest } = upTo(1);
    return { ...rest, id, priority, ...(due !== undefined && { due }) };
  };
  const orders = [order("d", 1), order("b", 3, 20), order("a", 4, 10), order("c", 2), order("e", 2, 20)];
  expect(orders.toSorted(byUrgency).map(({ id }) => id)).toEqual(["a", "e", "b", "d", "c"]);
});

import { expect, test } from "vitest";
import { HOUR, MINUTE } from "@doppelwerk/kit";
import type { StoredOrder } from "./order-kind.ts";
import { executionsOf, orderExecutionS } from "./execution-time.ts";
import type { Pieces } from "./pieces.ts";
import { inSequence, progressOf } from "./progress.ts";

const T = 1_790_000_000_000_000;

export const orderOf = (
  number: string,
  product: string,
  quantity: number,
  startH: number,
  more: Partial<StoredOrder> = {},
): StoredOrder => ({
  number,
  line: "L1",
  product,
  quantity,
  unit: "PCE",
  state: "released",
  plannedStart: T + startH * HOUR,
  operations: [],
  materials: [],
  messages: [],
  corrections: 0,
  at: T,
  known: T,
  by: "person:a",
  ...more,
});

const every = (minutes: number, fromH: number, product: string, count: number): Pieces[] =>
  Array.from({ length: count }, (_, index) => ({ at: T + fromH * HOUR + index * minutes * MINUTE, product, count: 1 }));

test("[OR7] pieces are of the first order of their product that is not full; what is over, and what nobody ordered, is of no order", () => {
  const orders = [orderOf("1", "A", 3, 1), orderOf("2", "A", 3, 3), orderOf("3", "B", 2, 2)];
  const good = [...every(1, 1, "A", 4), ...every(1, 2, "B", 3), ...every(1, 3, "C", 2)].toSorted((a, b) => a.at - b.at);
  const { byNumber, unordered } = progressOf(orders, { good }, T + 5 * HOUR);
  expect(byNumber.get("1")).toMatchObject({ state: "completed", good: 3, startedAt: T + HOUR, lastAt: T + HOUR + 2 * MINUTE });
  expect(byNumber.get("2")).toMatchObject({ state: "running", good: 1 });
  expect(byNumber.get("3")).toMatchObject({ state: "completed", good: 2 });
  expect([...unordered]).toEqual([
    ["B", 1],
    ["C", 2],
  ]);
});

test("[OR7] a good piece is of an order that the line began: scrap of one does not take pieces of the next; begun and not good is missing once it is over", () => {
  const orders = [orderOf("1", "A", 4, 1), orderOf("2", "A", 40, 2)];
  const begun = [...every(1, 1, "A", 4), ...every(1, 5, "A", 30)];
  const good = [...every(1, 1.5, "A", 3), ...every(1, 5.5, "A", 30)];
  const before = progressOf(orders, { good, begun }, T + 5 * HOUR);
  expect(before.byNumber.get("1")).toEqual({ state: "running", begun: 4, good: 3, startedAt: T + HOUR, lastAt: expect.any(Number) });
  const { byNumber } = progressOf(orders, { good, begun }, T + 7 * HOUR);
  expect(byNumber.get("1")).toMatchObject({ state: "completed", begun: 4, good: 4, missing: 0 });
  // the first piece of the second order was taken for the missing one: nothing more
  expect(byNumber.get("2")).toMatchObject({ state: "running", begun: 30, good: 29 });
  const late = progressOf(orders, { good: [...good.slice(0, 3), ...every(1, 1.6, "B", 200), ...good.slice(3)], begun }, T + 7 * HOUR);
  expect(late.byNumber.get("1")).toMatchObject({ state: "completed", good: 3, missing: 1 });
  expect(late.byNumber.get("2")).toMatchObject({ begun: 30, good: 30 });
});

test("[OR7] cancelled orders take nothing, closed ones nothing later; a later instant and revised counts give other figures of the same orders", () => {
  const orders = [
    orderOf("1", "A", 5, 1, { state: "cancelled" }),
    orderOf("2", "A", 5, 2, { state: "closed", at: T + 2 * HOUR + 90_000_000 }),
    orderOf("3", "A", 5, 3, { state: "held" }),
  ];
  const good = every(1, 2, "A", 4);
  const { byNumber } = progressOf(orders, { good }, T + 9 * HOUR);
  expect(byNumber.get("1")).toEqual({ state: "cancelled", good: 0 });
  expect(byNumber.get("2")).toMatchObject({ state: "closed", good: 2 });
  expect(byNumber.get("3")).toMatchObject({ state: "held", good: 2 });
  expect(progressOf(orders, { good }, T + HOUR).byNumber.get("2")).toEqual({ state: "closed", good: 0 });
  // late data: one more piece in the middle
  expect(progressOf(orders, { good: [...every(1, 2, "A", 5)] }, T + 9 * HOUR).byNumber.get("3")).toMatchObject({ good: 3 });
});

test("[OR6] the accepted sequence comes before planned starts, and these before when an order became known", () => {
  const orders = [
    orderOf("1", "A", 1, 3),
    orderOf("2", "A", 1, 1),
    orderOf("3", "A", 1, 5, { sequence: 0 }),
    orderOf("4", "A", 1, 9, { sequence: 1 }),
  ];
  expect(inSequence(orders).map(({ number }) => number)).toEqual(["3", "4", "2", "1"]);
});

test("[OR16] AOET is the time between the first piece begun and the last good one, of the line, of an order and of a product, as far as it lies in the span", () => {
  const orders = [orderOf("1", "A", 2, 1), orderOf("2", "B", 9, 2)];
  const begun = [...every(1, 1, "A", 2), ...every(1, 2, "B", 3)];
  const good = [...every(10, 1.5, "A", 2), ...every(1, 2.5, "B", 1)];
  const to = T + 4 * HOUR;
  const progress = progressOf(orders, { good, begun }, to);
  const secondsOf = (more: object) => orderExecutionS(executionsOf(orders, progress, { from: T, to, ...more }));
  expect(secondsOf({ order: "1" })).toBe(30 * 60 + 10 * 60);
  expect(secondsOf({ product: "B" })).toBe(2 * 3_600);
  expect(secondsOf({})).toBe(40 * 60 + 2 * 3_600);
  expect(secondsOf({ from: T + 1.5 * HOUR, to: T + 3 * HOUR })).toBe(10 * 60 + 3_600);
  expect(secondsOf({ order: "none" })).toBe(0);
});

import { expect, test } from "vitest";
import { uniformAt } from "../random/philox.ts";
import { EventList } from "./event-list.ts";
import { copyMemory, packMemory, unpackMemory } from "./memory.ts";
import { hashText } from "./trace-hash.ts";

/** A hold model with ties, priorities and cancellations. */
function hold(list: EventList, steps: number, from = 0): void {
  for (let i = from; i < from + steps && list.next(Infinity); i++) {
    const entity = list.entity;
    list.schedule(list.now + Math.floor(20 * uniformAt(1, 1, list.sequence)), entity % 3, 1, entity);
    if (i % 17 === 0) list.cancel(list.schedule(list.now + 5, 1, 2, entity));
  }
}

function started(): EventList {
  const list = new EventList(1_700_000_000_000_000, 4);
  for (let i = 0; i < 100; i++) list.schedule(list.now + Math.floor(20 * uniformAt(1, 2, i)), i % 3, 1, i);
  return list;
}

test("[S1] events come in order of time, then priority, then sequence, as a sorted list would give them", () => {
  const list = new EventList(0, 2);
  const expected: [number, number, number, number][] = [];
  for (let i = 0; i < 3000; i++) {
    const time = Math.floor(300 * uniformAt(3, 1, i));
    const priority = Math.floor(4 * uniformAt(3, 2, i));
    const handle = list.schedule(time, priority, 7, i);
    if (i % 5 === 0) list.cancel(handle);
    else expected.push([time, priority, i, i]);
  }
  expected.sort((x, y) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2]);
  const got: [number, number][] = [];
  while (list.next(Infinity)) got.push([list.now, list.entity]);
  expect(got).toEqual(expected.map(([time, , , entity]) => [time, entity]));
  expect(list.count).toBe(2400);
});

test("[S1] the clock stops at the limit and the past is refused", () => {
  const list = new EventList(10);
  list.schedule(20, 0, 1, 1);
  expect(list.next(19)).toBe(false);
  expect([list.now, list.peek()]).toEqual([10, 20]);
  expect(list.next(20)).toBe(true);
  expect(() => list.schedule(19, 0, 1, 1)).toThrow("integer time");
  expect(() => list.schedule(20.5, 0, 1, 1)).toThrow("integer time");
});

test("[S2] a copied list and a list restored from bytes continue with the same trace hash as the straight one", () => {
  const straight = started();
  hold(straight, 5000);
  const first = started();
  hold(first, 2500);
  const copy = new EventList();
  copyMemory(first, copy);
  const restored = new EventList();
  unpackMemory(packMemory([first]), [restored]);
  hold(first, 2500, 2500);
  hold(copy, 2500, 2500);
  hold(restored, 2500, 2500);
  expect([first, copy, restored].map(hashText)).toEqual([straight, straight, straight].map(hashText));
  expect(packMemory([copy])).toEqual(packMemory([straight]));
});

test("[S2] the trace hash sees each of time, priority, sequence, opcode and entity", () => {
  const traces = [
    [1, 2, 3, 4],
    [2, 2, 3, 4],
    [1, 3, 3, 4],
    [1, 2, 4, 4],
    [1, 2, 3, 5],
  ].map(([time, priority, opcode, entity]) => {
    const list = new EventList();
    list.schedule(time!, priority!, opcode!, entity!);
    list.next(10);
    return hashText(list);
  });
  const later = new EventList();
  later.sequence = 1;
  later.schedule(1, 2, 3, 4);
  later.next(10);
  expect(new Set([...traces, hashText(later)]).size).toBe(6);
});

test("[S2] bytes of another shape are refused", () => {
  expect(() => unpackMemory(new Uint8Array(40), [new EventList()])).toThrow("the snapshot is of another model");
  expect(() => unpackMemory(packMemory([started()]).subarray(0, 400), [new EventList()])).toThrow();
});

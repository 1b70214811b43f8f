import { expect, test } from "vitest";
import { createRegistry } from "./registry.ts";
import { slot, view } from "./slot.ts";

const load = () => Promise.reject<{ readonly default: () => null }>(new Error("nothing is loaded to find out"));
const card = slot<{ readonly order: number; readonly title?: string }, () => null>()("board.card", 1);

test("[V1] a slot has its views by order, then by id; another major is another slot; nothing is loaded for it", () => {
  const views = [
    view(card, "b.second", { order: 10, load }),
    view(card, "a.third", { order: 20, load }),
    view(card, "a.first", { order: 10, title: "a.title", load }),
    view(slot<{ readonly order: number }, () => null>()("board.card", 2), "c.newer", { order: 1, load }),
  ];
  const registry = createRegistry(views);
  expect(registry.of(card).map(({ id }) => id)).toEqual(["a.first", "b.second", "a.third"]);
  expect(registry.of(card)[0]!.data).toEqual({ order: 10, title: "a.title" });
  // Another copy of the package has another token of the same text.
  expect(registry.of({ at: "board.card@1" })).toHaveLength(3);
  expect(registry.of({ at: "board.card@3" })).toEqual([]);
  expect(registry.find("c.newer")?.at).toBe("board.card@2");
});

test("[V2] two views of one id are refused, naming both slots", () => {
  const other = slot<{ readonly order: number }, () => null>()("shell.page", 1);
  const views = [view(card, "a.first", { order: 1, load }), view(other, "a.first", { order: 2, load })];
  expect(() => createRegistry(views)).toThrow("two views are called a.first: one in board.card@1, one in shell.page@1");
});

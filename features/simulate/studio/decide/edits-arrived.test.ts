import { expect, test } from "vitest";
import { editsArrived } from "./edits-arrived.ts";

test("[SV141] a run waits until the edits that were made before it have been answered", async () => {
  let pending: readonly never[] | readonly [unknown] = [{}];
  const arrived: string[] = [];
  const done = editsArrived({ pending: () => pending as never }).then(() => arrived.push("run"));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(arrived).toEqual([]);
  pending = [];
  await done;
  expect(arrived).toEqual(["run"]);
});

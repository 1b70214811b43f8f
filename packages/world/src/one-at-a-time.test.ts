import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

test("[W] work runs one at a time, once more for everything that was asked for while it ran, and a failure holds up nothing", async () => {
  const log: string[] = [];
  let runs = 0;
  let go: () => void = () => {};
  const ask = oneAtATime(async () => {
    const own = ++runs;
    log.push(`begin ${own}`);
    await new Promise<void>((resolve) => (go = resolve));
    log.push(`end ${own}`);
    if (own === 1) throw new Error("refused");
  });
  const first = ask();
  const later = [ask(), ask(), ask()];
  go();
  await expect(first).rejects.toThrow("refused");
  await Promise.resolve();
  const [last] = [ask()];
  go();
  await Promise.all(later);
  expect(log.slice(0, 4)).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  go();
  await last;
  expect(runs).toBeLessThanOrEqual(3);
});

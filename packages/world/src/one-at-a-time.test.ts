import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

test("[W20] work runs one at a time, once more for everything that was asked for while it ran, and a failure holds up nothing", async () => {
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const ask = oneAtATime(async () => {
    const own = ends.length + 1;
    log.push(`begin ${own}`);
    await new Promise<void>((resolve) => ends.push(resolve));
    log.push(`end ${own}`);
    if (own === 1) throw new Error("refused");
  });
  const first = ask();
  const later = Promise.all([ask(), ask(), ask()]);
  expect(log).toEqual(["begin 1"]);
  ends[0]!();
  await expect(first).rejects.toThrow("refused");
  await expect.poll(() => log.length).toBe(3);
  const last = ask();
  ends[1]!();
  await later;
  await expect.poll(() => ends.length).toBe(3);
  ends[2]!();
  await last;
  expect(log).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
  const again = ask();
  ends[3]!();
  await again;
  expect(log.length).toBe(8);
});

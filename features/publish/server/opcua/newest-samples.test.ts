import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { LIVE } from "@doppelwerk/world";
import { batchOf } from "@doppelwerk/world/contract/history";
import { expect, test } from "vitest";
import { beginOfNewest } from "./newest-samples.ts";

test("[OU2] the newest samples before an instant are found in bursts, over pauses and where several have one time", async () => {
  const history = createMemoryHistory();
  const key = { branch: LIVE, signal: "signal:a" };
  const day = 86_400_000_000;
  const begin = 1_790_000_000_000_000;
  const times = [
    ...Array.from({ length: 50 }, (_, n) => begin + n * day),
    ...Array.from({ length: 5_000 }, (_, n) => begin + 60 * day + n * 1_000),
    ...Array.from({ length: 7 }, () => begin + 61 * day),
  ];
  const { batch, signalIds } = batchOf(times.map((time, n) => ["signal:a", time, n]));
  await history.append(LIVE, batch, signalIds);
  for (const to of [begin - 1, begin + 1, begin + 49 * day, begin + 60 * day + 2_500_000, begin + 62 * day])
    for (const limit of [1, 3, 60, 500, 100_000]) {
      const found = await history.raw(key, await beginOfNewest(history, key, 0, to, limit), to);
      const all = times.filter((time) => time < to);
      const last = [...found.times];
      expect(last.slice(-limit)).toEqual(all.slice(-limit));
      // no more than what has the time of the first one
      expect(last.filter((time) => time > last[0]!).length).toBeLessThan(limit + 1);
    }
  await history.close();
});

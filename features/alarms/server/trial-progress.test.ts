import { expect, test } from "vitest";
import { TrialProgress } from "./trial-progress.ts";

test("[AL43] a test can be asked how far it is by its name, from its beginning to its end, however it ends", async () => {
  const progress = new TrialProgress();
  let say: (progress: number) => void = () => {};
  let end: (error?: Error) => void = () => {};
  const under = progress.of("a test", (onProgress) => {
    say = onProgress;
    return new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())));
  });
  expect([progress.read("a test"), progress.read("another")]).toEqual([{ progress: 0 }, {}]);
  say(0.25);
  expect(progress.read("a test")).toEqual({ progress: 0.25 });
  say(1.001);
  expect(progress.read("a test")).toEqual({ progress: 1 });
  end(new Error("no room"));
  await expect(under).rejects.toThrow("no room");
  expect(progress.read("a test")).toEqual({});
  say(0.5);
  expect(progress.read("a test")).toEqual({});
  expect(await progress.of(undefined, async (onProgress) => onProgress(0.5) ?? "done")).toBe("done");
});

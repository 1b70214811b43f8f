import { expect, test } from "vitest";
import { loadedModules } from "../../../scripts/loaded-modules.ts";

const MODULES_MAX = 70;

test.for(["files/writer-thread.ts", "sqlite/record-writer-thread.ts", "segments/writer-thread.ts", "events/event-thread.ts"])(
  "[ST37] %s starts without the whole of world",
  async (thread) => {
    const url = new URL(thread, import.meta.url).href;
    const loaded = await loadedModules(url);
    expect(loaded).toContain(url);
    expect(loaded.filter((each) => each.endsWith("/packages/world/src/index.ts"))).toEqual([]);
    expect(loaded.length).toBeLessThan(MODULES_MAX);
  },
);

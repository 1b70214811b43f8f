import type { Studio } from "@doppelwerk/ui";
import { afterEach, expect, test, vi } from "vitest";
import type { PackPart } from "./pack-parts.ts";
import { startPacks } from "./start-packs.ts";

const part: PackPart = {
  pack: "brewery",
  version: "0.1.0",
  feature: "brewery",
  base: "/packs/brewery/0.1.0~1/",
  isChanging: false,
  views: [{ at: "shell.page@1", id: "brewery.page", path: "/brewery", title: "brewery.title", icon: "box", order: 500, load: "./page.js" }],
  words: { en: {}, zh: {} },
};

afterEach(() => vi.unstubAllGlobals());

/** How often the kit was asked for once the browser is idle after the start. */
async function kitFetched(parts: readonly PackPart[]): Promise<readonly [before: number, idle: number]> {
  let [fetched, idle] = [0, (): void => {}];
  vi.stubGlobal("fetch", async () => Response.json({ parts }));
  vi.stubGlobal("requestIdleCallback", (run: () => void) => {
    idle = run;
    return 1;
  });
  const loadKit = async (): Promise<void> => void fetched++;
  const started = await startPacks({ world: undefined, preferences: { personId: "p", name: "Ada" } as never, views: [], loadKit });
  started.follow({ notify: () => {} } as unknown as Studio, () => {});
  const before = fetched;
  idle();
  return [before, fetched];
}

test("[PK40] where packs have views the kit is fetched once the browser is idle, else not at all", async () => {
  expect(await kitFetched([part])).toEqual([0, 1]);
  expect(await kitFetched([{ ...part, views: [] }])).toEqual([0, 0]);
});

import { startLanguage, type Studio } from "@doppelwerk/ui";
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

vi.mock("./packs-banner.tsx", () => ({ packsBanner: (reason: string) => reason }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

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

test("[PK40] a server that is late is told in words, also where those of the studio come later still", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => new Promise<never>(() => {}));
  const starting = startPacks({
    world: undefined,
    preferences: { personId: "p", name: "Ada" } as never,
    views: [],
    loadKit: async () => {},
  });
  await vi.advanceTimersByTimeAsync(4_000);
  const { views } = await starting;
  vi.useRealTimers();
  await startLanguage("en");
  const banner = views.find(({ id }) => id === "packs.missing")!;
  expect(await banner.load()).toEqual({ default: "no answer within 4 s" });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { WorldFolders } from "./world-folders.ts";
import { WorldRegistry, type ManagedWorld, type WorldRegistryOptions } from "./world-registry.ts";

// Folders are real; a world behind them only counts how it is handled.
const root = mkdtempSync(join(tmpdir(), "doppelwerk-registry-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let places = 0;

class Counted implements ManagedWorld {
  readonly name: string;
  isClosed = false;
  viewed = false;
  connected = false;

  constructor(name: string) {
    this.name = name;
  }

  async activity() {
    return { viewed: this.viewed, connected: this.connected };
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.isClosed = true;
  }
}

interface Place {
  readonly registry: WorldRegistry<Counted>;
  readonly folders: WorldFolders;
  /** In order of opening. */
  readonly opened: Counted[];
  readonly faults: string[];
  /** Milliseconds. */
  clock: number;
  opening: number;
  mostOpening: number;
  refuses: Set<string>;
}

function placeOf(
  options: Partial<WorldRegistryOptions<Counted>> = {},
  folders = new WorldFolders(join(root, `${places++}`), "test"),
): Place {
  const place = { folders, opened: [], faults: [], clock: 0, opening: 0, mostOpening: 0, refuses: new Set<string>() } as unknown as Place;
  const registry = new WorldRegistry<Counted>({
    folders,
    home: new Counted("default"),
    now: () => place.clock,
    onFault: (what, world) => place.faults.push(`${world}: ${what}`),
    async open({ name }) {
      place.mostOpening = Math.max(place.mostOpening, ++place.opening);
      await new Promise((resolve) => setImmediate(resolve));
      place.opening--;
      if (place.refuses.has(name)) throw new DoppelwerkError("DW_DAMAGED", verbatim(`${name} is damaged`));
      const world = new Counted(name);
      place.opened.push(world);
      return world;
    },
    ...options,
  });
  return Object.assign(place, { registry });
}

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: unknown) => (error instanceof DoppelwerkError ? error.code : String(error)),
  );
const states = ({ registry }: Place) => Object.fromEntries(registry.list().map(({ name, state }) => [name, state]));

test("[WD5] whoever asks for a closed world at once gets the same one, opened once", async () => {
  const place = placeOf();
  await place.registry.create("one");
  const visits = await Promise.all(Array.from({ length: 20 }, () => place.registry.enter("one")));
  expect(new Set(visits.map(({ world }) => world)).size).toBe(1);
  expect(place.opened).toHaveLength(1);
  expect(states(place)).toEqual({ default: "open", one: "open" });
  expect(await codeOf(place.registry.enter("two"))).toBe("DW_NOT_FOUND");
  expect(await codeOf(place.registry.enter("../one"))).toBe("DW_NOT_FOUND");
});

test("[WD5] 50 worlds at once open a few at a time, and all of them", async () => {
  const place = placeOf();
  const names = Array.from({ length: 50 }, (_, at) => `w${at}`);
  for (const name of names) await place.registry.create(name);
  await Promise.all(names.map((name) => place.registry.enter(name)));
  expect(place.opened).toHaveLength(50);
  expect(place.mostOpening).toBeLessThanOrEqual(3);
});

test("[WD5] beyond the bound the world that was unused for longest is closed; where each is in use the request is refused", async () => {
  const place = placeOf({ maxOpen: 2 });
  for (const name of ["a", "b", "c"]) await place.registry.create(name);
  const a = await place.registry.enter("a");
  place.clock = 10;
  const b = await place.registry.enter("b");
  expect(await codeOf(place.registry.enter("c"))).toBe("DW_UNAVAILABLE");
  // a name that no world has closes none
  b.leave();
  expect(await codeOf(place.registry.enter("nobody"))).toBe("DW_NOT_FOUND");
  expect(b.world.isClosed).toBe(false);
  place.clock = 20;
  a.leave();
  a.world.viewed = true;
  const c = await place.registry.enter("c");
  expect([a.world.isClosed, b.world.isClosed, c.world.name]).toEqual([false, true, "c"]);
});

test("[WD6] a world is closed once nobody has used it for long enough; a visit, a viewer or a plant keeps it open", async () => {
  const place = placeOf({ idleMs: 100 });
  for (const name of ["idle", "visited", "viewed", "connected"]) await place.registry.create(name);
  const enter = async (name: string) => await place.registry.enter(name);
  (await enter("idle")).leave();
  const visited = await enter("visited");
  const viewed = await enter("viewed");
  viewed.leave();
  viewed.world.viewed = true;
  const connected = await enter("connected");
  connected.leave();
  connected.world.connected = true;
  place.clock = 99;
  await place.registry.tidy();
  expect(Object.values(states(place))).toEqual(["open", "open", "open", "open", "open"]);
  place.clock = 100;
  await place.registry.tidy();
  expect(states(place)).toEqual({ default: "open", connected: "open", idle: "closed", viewed: "open", visited: "open" });
  viewed.world.viewed = false;
  visited.leave();
  place.clock = 199;
  await place.registry.tidy();
  expect(states(place)).toMatchObject({ viewed: "open", visited: "open" });
  place.clock = 201;
  await place.registry.tidy();
  expect(states(place)).toMatchObject({ viewed: "closed", visited: "closed", connected: "open" });
  await place.registry.close();
  // the next server opens what a plant is connected to, and nothing else
  const next = placeOf({}, place.folders);
  await next.registry.start();
  expect(next.opened.map(({ name }) => name)).toEqual(["connected"]);
  await next.registry.tidy();
  await next.registry.close();
  const last = placeOf({}, place.folders);
  await last.registry.start();
  expect(last.opened).toEqual([]);
});

test("[WD7] a world that cannot be opened is listed with its reason and tried again later; the others open", async () => {
  const place = placeOf();
  for (const name of ["bad", "good"]) await place.registry.create(name);
  place.refuses.add("bad");
  const [bad, good] = await Promise.all([codeOf(place.registry.enter("bad")), place.registry.enter("good")]);
  expect([bad, good.world.name]).toEqual(["DW_DAMAGED", "good"]);
  expect(place.registry.find("bad")).toMatchObject({ state: "failed", message: "bad is damaged" });
  place.refuses.clear();
  // not at once again
  place.clock = 4_999;
  expect(await codeOf(place.registry.enter("bad"))).toBe("DW_DAMAGED");
  place.clock = 5_000;
  expect((await place.registry.enter("bad")).world.name).toBe("bad");
  expect(place.registry.find("bad").state).toBe("open");
  expect(place.faults).toEqual(["bad: it could not be opened"]);
});

test("[WD2] a world is closed before it is renamed, archived or deleted, and answers under its new name; one in the archive answers nobody", async () => {
  const place = placeOf();
  await place.registry.create("old", "The old one");
  const { world, leave } = await place.registry.enter("old");
  leave();
  expect(await place.registry.rename("old", "new")).toMatchObject({ name: "new", title: "The old one", state: "closed" });
  expect(world.isClosed).toBe(true);
  expect(await codeOf(place.registry.enter("old"))).toBe("DW_NOT_FOUND");
  const again = await place.registry.enter("new");
  again.leave();
  expect(await place.registry.retitle("new", "The new one")).toMatchObject({ state: "open", title: "The new one" });
  expect(again.world.isClosed).toBe(false);
  expect(await place.registry.archive("new")).toMatchObject({ state: "archived" });
  expect(await codeOf(place.registry.enter("new"))).toBe("DW_CONFLICT");
  expect(await place.registry.restore("new")).toMatchObject({ state: "closed", title: "The new one" });
  (await place.registry.enter("new")).leave();
  expect(await place.registry.remove("new")).toMatchObject({ name: "new", title: "The new one" });
  expect(states(place)).toEqual({ default: "open" });
  for (const call of [place.registry.rename("default", "x"), place.registry.archive("default"), place.registry.remove("default")])
    expect(await codeOf(call)).toBe("DW_CONFLICT");
  expect(await place.registry.retitle("default", "Plant 1")).toMatchObject({ name: "default", title: "Plant 1" });
});

test("[WD2] requests under way end before their world is closed", async () => {
  const place = placeOf();
  await place.registry.create("busy");
  const { world, leave } = await place.registry.enter("busy");
  const archived = place.registry.archive("busy");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([world.isClosed, place.registry.find("busy").state]).toEqual([false, "closing"]);
  // who comes meanwhile waits, and learns what became of it
  const late = codeOf(place.registry.enter("busy"));
  leave();
  await archived;
  expect([world.isClosed, await late]).toEqual([true, expect.stringMatching(/DW_CONFLICT|DW_UNAVAILABLE/)]);
});

test("[WD5] a world that takes long to open is refused after a while, goes on opening, and is there for the next request", async () => {
  let openIt: () => void = () => {};
  const gate = new Promise<void>((resolve) => (openIt = resolve));
  const place = placeOf({
    maxWaitMs: 20,
    async open({ name }) {
      await gate;
      return new Counted(name);
    },
  });
  await place.registry.create("slow");
  expect(await codeOf(place.registry.enter("slow"))).toBe("DW_UNAVAILABLE");
  expect(place.registry.find("slow").state).toBe("opening");
  openIt();
  expect((await place.registry.enter("slow")).world.name).toBe("slow");
});

test("[WD21] a world whose opening failed by a bug is listed with a message code", async () => {
  const bug = new Error("a bug");
  const { registry, folders } = placeOf({ open: () => Promise.reject(bug) });
  await folders.create("torn");
  await expect(registry.enter("torn")).rejects.toBe(bug);
  expect(registry.find("torn")).toMatchObject({ state: "failed", reason: { code: "server.worldFailedByBug" } });
});

import { describe, expect, test } from "vitest";
import { aWorld, note, T0, type TestWorld } from "../world/a-world.fixture.ts";
import { LIVE } from "../change.ts";
import type { NewEvent } from "./event.ts";
import type { EventKind } from "./event-kind.ts";
import { createMemoryEventStore } from "./memory-event-store.ts";

const SECOND = 1_000_000;
const partMade: EventKind = {
  type: "part.made",
  version: 1,
  keys: ["serial", "lot", "good"],
  parse: ({ serial }) => (serial === undefined ? ["serial is missing"] : []),
};

async function anEventWorld(
  kinds: readonly EventKind[] = [partMade],
  store = createMemoryEventStore(),
): Promise<TestWorld & { faults: unknown[] }> {
  const faults: unknown[] = [];
  const made = await aWorld({ events: { store, kinds, onFault: (error) => faults.push(error) } });
  await made.create(LIVE, note("press"), note("drill"), note("secret", { readers: ["engineer"] }));
  return Object.assign(made, { faults });
}

function made(second: number, fields: Partial<NewEvent> = {}): NewEvent {
  return {
    id: `e${second}`,
    subject: "note:press",
    type: "part.made",
    at: T0 - 100 * SECOND + second * SECOND,
    origin: "measured",
    payload: { serial: `S${second}` },
    ...fields,
  };
}

describe("recording", () => {
  test("[EV1] an event comes back with what its kind says of it, and when it became known", async () => {
    const { world } = await anEventWorld();
    const payload = { serial: ["S1", "S2"], lot: 12, good: true, depth: null };
    expect(await world.record([made(1, { payload, actor: "ann" })])).toEqual({ recorded: 1, duplicates: 0 });
    expect(await world.record([made(1, { payload })])).toEqual({ recorded: 0, duplicates: 1 });
    const [event] = (await world.events.query({ branch: LIVE, key: { name: "lot", value: 12 } })).events;
    expect(event).toEqual({
      ...made(1, { payload, actor: "ann" }),
      branch: LIVE,
      version: 1,
      known: event!.known,
      keys: { serial: ["S1", "S2"], lot: ["12"], good: ["true"] },
    });
    expect(event!.known).toBeGreaterThan(T0);
    expect(await world.events.latest({ branch: LIVE, key: { name: "serial", value: "S2" } })).toEqual(event);
    expect(await world.events.count({ branch: LIVE })).toBe(1);
  });

  test.each([
    ["an undeclared type", { type: "part.lost" }, "no such type of event is declared: part.lost"],
    ["a payload its kind refuses", { payload: { lot: 1 } }, "part.made: serial is missing"],
    ["a list as payload", { payload: [1] as never }, "part.made is not a JSON object"],
    ["no payload", { payload: undefined as never }, "part.made is not a JSON object"],
    ["a payload that is no JSON", { payload: { serial: 1n as never } }, "part.made is not JSON"],
    ["a key that is an object", { payload: { serial: { a: 1 } } }, "the key serial of an event of type part.made"],
    ["a key too long", { payload: { serial: "x".repeat(201) } }, "longer than 200 characters"],
    ["too many keys", { payload: { serial: Array.from({ length: 65 }, (_, i) => i) } }, "at most 64 keys"],
    ["an id with a control character", { id: "a\nb" }, "the id of an event of type part.made"],
    ["no id", { id: "" }, "the id of an event of type part.made"],
    ["half a microsecond", { at: T0 - 0.5 }, "whole microseconds"],
    ["no instant", { at: Number.NaN }, "whole microseconds"],
  ])("[EV1] %s refuses the whole call, naming type and reason", async (_, fields, message) => {
    const { world } = await anEventWorld();
    await expect(world.record([made(1), made(2, fields)])).rejects.toMatchObject({
      code: "DW_INVALID",
      message: expect.stringContaining(message),
    });
    expect(await world.events.count({ branch: LIVE })).toBe(0);
  });

  test("[EV2] a payload of 1 MB is refused with its type and size, one of 64 kB is kept; likewise a call with too many or too much", async () => {
    const { world } = await anEventWorld();
    const big = (bytes: number, second = 1): NewEvent => made(second, { payload: { serial: "S", text: "x".repeat(bytes - 24) } });
    await expect(world.record([big(1_000_000)])).rejects.toMatchObject({
      code: "DW_INVALID",
      message: "the payload of an event of type part.made has 1000000 bytes; at most 65536 are kept",
    });
    // bytes count, not characters
    await expect(world.record([made(1, { payload: { serial: "S", text: "运".repeat(22_000) } })])).rejects.toThrow("66024 bytes");
    expect(await world.record([big(65_536)])).toEqual({ recorded: 1, duplicates: 0 });
    await expect(world.record(Array.from({ length: 10_001 }, (_, i) => made(0, { id: `${i}` })))).rejects.toThrow("at most 10000 events");
    await expect(world.record(Array.from({ length: 300 }, (_, i) => big(65_536, i % 90)))).rejects.toThrow("at most 16777216 bytes");
    expect(await world.events.count({ branch: LIVE })).toBe(1);
  });

  test("[EV3] a subject is a record that stands or stood on the branch; any other is refused", async () => {
    const { world, remove, create, fork } = await anEventWorld();
    await expect(world.record([made(1), made(2, { subject: "note:nobody" })])).rejects.toMatchObject({
      code: "DW_NOT_FOUND",
      message: "no such record: note:nobody",
    });
    await remove(LIVE, "note:drill");
    expect(await world.record([made(3, { subject: "note:drill" })])).toEqual({ recorded: 1, duplicates: 0 });
    const branch = await fork();
    const at = world.branches.get(branch)!.instant + 1;
    await create(branch, note("planned"));
    await expect(world.record([made(4, { subject: "note:planned" })])).rejects.toThrow("note:planned");
    expect(await world.record([made(4, { subject: "note:planned", branch, at })])).toEqual({ recorded: 1, duplicates: 0 });
  });

  test("[EV4] an event of a branch lies after its fork, a closed branch takes none, and live none of the future", async () => {
    const { world, fork, clock } = await anEventWorld();
    const branch = await fork();
    const { instant } = world.branches.get(branch)!;
    await expect(world.record([made(1, { branch, at: instant })])).rejects.toThrow("lies after its fork");
    expect(await world.record([made(1, { branch, at: instant + 3_600 * SECOND })])).toEqual({ recorded: 1, duplicates: 0 });
    await world.abandon(branch, "ann", "enough");
    await expect(world.record([made(2, { branch, at: instant + 1 })])).rejects.toMatchObject({ code: "DW_CONFLICT" });
    await expect(world.record([made(2, { branch: "branch:none" })])).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(world.record([made(2, { at: clock.time + 120 * SECOND })])).rejects.toThrow("cannot lie in the future");
    expect(await world.record([made(2, { at: clock.time + 30 * SECOND })])).toEqual({ recorded: 1, duplicates: 0 });
  });

  test("[EV9] what a caller does with his objects afterwards reaches no event", async () => {
    const { world } = await anEventWorld();
    const payload = { serial: "S1", deep: { value: 1 } };
    const recorded = world.record([made(1, { payload })]);
    payload.deep.value = 2;
    payload.serial = "S2";
    await recorded;
    const [event] = (await world.events.query({ branch: LIVE })).events;
    expect(event!.payload).toEqual({ serial: "S1", deep: { value: 1 } });
    expect(event!.keys).toEqual({ serial: ["S1"] });
  });
});

describe("reading", () => {
  const idsOf = async (read: ReturnType<TestWorld["as"]>["events"], query: Parameters<typeof read.query>[0]): Promise<readonly string[]> =>
    (await read.query(query)).events.map(({ id }) => id);

  test("[EV5] a branch reads its parent's events up to its fork, then its own", async () => {
    const { world, clock } = await anEventWorld();
    const instant = made(5).at;
    clock.time += SECOND;
    const { id: branch } = await world.fork({ name: "past", parent: LIVE, instant, actor: "ann", reason: "look" });
    await world.record([made(1), made(5), made(6), made(7, { branch })]);
    expect((await world.events.query({ branch })).events.map(({ id }) => id)).toEqual(["e1", "e5", "e7"]);
    expect((await world.events.query({ branch, order: "descending", limit: 2 })).events.map(({ id }) => id)).toEqual(["e7", "e5"]);
    expect(await world.events.count({ branch: LIVE })).toBe(3);
    const { id: deeper } = await world.fork({ name: "deeper", parent: branch, instant: made(7).at, actor: "ann", reason: "look" });
    await world.record([made(8, { branch: deeper }), made(9, { branch })]);
    expect((await world.events.query({ branch: deeper })).events.map(({ id }) => id)).toEqual(["e1", "e5", "e7", "e8"]);
    expect((await world.events.query({ branch: deeper, from: made(5).at, to: made(8).at })).events.map(({ id }) => id)).toEqual([
      "e5",
      "e7",
    ]);
  });

  test("[EV6] a rewind shows what had happened and was known at the instant, not what came in late", async () => {
    const { world, clock } = await anEventWorld();
    await world.record([made(1), made(3)]);
    const then = clock.time;
    clock.time += 3_600 * SECOND;
    await world.record([made(2)]);
    expect((await world.events.query({ branch: LIVE })).events.map(({ id }) => id)).toEqual(["e1", "e2", "e3"]);
    expect((await world.events.query({ branch: LIVE, knownAt: then })).events.map(({ id }) => id)).toEqual(["e1", "e3"]);
    expect((await world.events.latest({ branch: LIVE, knownAt: made(1).at }))?.id).toBeUndefined();
    expect(await world.events.count({ branch: LIVE, knownAt: then })).toBe(2);
  });

  test("[EV7] an earlier version is brought up step by step; what is unknown, newer or fails comes as it was stored", async () => {
    const store = createMemoryEventStore();
    const first = await anEventWorld([partMade, { type: "gone", version: 4 }, { type: "newer", version: 9 }], store);
    await first.world.record([made(1), made(2, { type: "gone" }), made(3, { type: "newer" }), made(4, { payload: { serial: "broken" } })]);
    const steps: EventKind = {
      type: "part.made",
      version: 3,
      keys: ["serial"],
      upcast: {
        1: ({ serial }) => {
          if (serial === "broken") throw new Error("cannot be read");
          return { number: serial };
        },
        2: ({ number }) => ({ serialNumber: number }),
      },
    };
    const { world, faults } = await anEventWorld([steps, { type: "newer", version: 2 }], store);
    const { events } = await world.events.query({ branch: LIVE });
    expect(events.map(({ type, version, payload }) => [type, version, payload])).toEqual([
      ["part.made", 3, { serialNumber: "S1" }],
      ["gone", 4, { serial: "S2" }],
      ["newer", 9, { serial: "S3" }],
      ["part.made", 1, { serial: "broken" }],
    ]);
    expect(faults).toHaveLength(1);
    expect((await world.events.query({ branch: LIVE, key: { name: "serial", value: "S1" } })).events).toHaveLength(1);
  });

  test("[EV8] events of a hidden subject are neither returned, counted, nor noticed in pages", async () => {
    const { world, as } = await anEventWorld();
    await world.record(Array.from({ length: 40 }, (_, i) => made(i, i % 4 === 3 ? {} : { subject: "note:secret" })));
    const [operator, engineer, nobody] = [as("ann", "operator").events, as("eve", "engineer").events, as("no").events];
    const seen = Array.from({ length: 10 }, (_, i) => `e${i * 4 + 3}`);
    expect(await idsOf(operator, { branch: LIVE })).toEqual(seen);
    expect(await idsOf(operator, { branch: LIVE, subject: "note:secret" })).toEqual([]);
    expect(await idsOf(operator, { branch: LIVE, key: { name: "serial", value: "S0" } })).toEqual([]);
    expect([await operator.count({ branch: LIVE }), await operator.count({ branch: LIVE, subject: "note:secret" })]).toEqual([10, 0]);
    expect(await engineer.count({ branch: LIVE })).toBe(40);
    expect((await operator.latest({ branch: LIVE, to: made(39).at }))?.id).toBe("e35");
    await expect(nobody.query({ branch: LIVE })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(nobody.count({ branch: LIVE })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });

    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await operator.query({ branch: LIVE, limit: 5, order: "descending", ...(cursor && { cursor }) });
      expect(page.events).toHaveLength(5);
      paged.push(...page.events.map(({ id }) => id));
      cursor = page.next;
      if (cursor === undefined) break;
      // a cursor names an event that was shown, and nothing else
      expect(cursor).toBe(`${page.events.at(-1)!.at}:${page.events.at(-1)!.id}`);
    }
    expect(paged).toEqual(seen.toReversed());
  });

  test("[EV8] a subject that was opened for reading once and is hidden now is hidden with its past, on branches too", async () => {
    const { world, as, set, fork } = await anEventWorld();
    await world.record([made(1)]);
    const branch = await fork();
    const viewer = as("vic", "viewer").events;
    expect(await idsOf(viewer, { branch })).toEqual(["e1"]);
    await set(LIVE, "note:press", { readers: ["engineer"] });
    expect([await idsOf(viewer, { branch }), await idsOf(viewer, { branch: LIVE })]).toEqual([[], []]);
  });

  test("[EV8] a principal records in his own name what he may see, with the right to enter; only administrators let events expire", async () => {
    const { as, world } = await anEventWorld();
    const operator = as("ann", "operator").events;
    expect(await operator.record([{ ...made(1), actor: "somebody else" } as NewEvent])).toEqual({ recorded: 1, duplicates: 0 });
    expect((await operator.latest({ branch: LIVE }))?.actor).toBe("ann");
    await expect(operator.record([made(2), made(3, { subject: "note:secret" })])).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(as("vic", "viewer").events.record([made(2)])).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    await expect(as("eve", "engineer").events.expire({ before: T0 })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    expect(await world.events.count({ branch: LIVE })).toBe(1);
    expect(await as("adm", "administrator").events.expire({ before: T0 })).toBe(1);
  });

  test.each([
    [{ limit: 0 }, "a page of events holds 1 to 1000"],
    [{ limit: 1.5 }, "a page of events holds 1 to 1000"],
    [{ limit: 1_001 }, "a page of events holds 1 to 1000"],
    [{ cursor: "" }, "no cursor of a page of events"],
    [{ cursor: "12" }, "no cursor of a page of events"],
    [{ cursor: "-1:e1" }, "no cursor of a page of events"],
    [{ cursor: "1:none" }, "has expired"],
    [{ branch: "branch:none" }, "no such branch"],
  ])("[EV14] a page that is asked for wrongly is refused: %o", async (query, message) => {
    const { world } = await anEventWorld();
    await world.record([made(1)]);
    await expect(world.events.query({ branch: LIVE, ...query })).rejects.toThrow(message);
  });

  test("[EV1] a world without declared types takes no event", async () => {
    const { world, create } = await aWorld();
    await create(LIVE, note("press"));
    await expect(world.record([made(1)])).rejects.toMatchObject({ code: "DW_INVALID" });
    expect(await world.record([])).toEqual({ recorded: 0, duplicates: 0 });
    expect((await world.events.query({ branch: LIVE })).events satisfies readonly unknown[]).toEqual([]);
  });
});

import { coreKinds, LIVE, openWorld, type Change, type Principal } from "@doppelwerk/world";
import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { expect, test } from "vitest";
import { MAX_TIMES_OVERTAKEN } from "./until-written.ts";
import { applyOnNewest } from "./apply-on-newest.ts";

const PERSON: Principal = { id: "person:a", name: "A", verified: false, roles: ["administrator"] };
const ID = "connection:1";

async function aView() {
  const store = createMemoryRecordStore(coreKinds);
  let [last, time] = [0, 1_790_000_000_000_000];
  const world = await openWorld({
    store,
    log: createMemoryChangeLog(),
    leaseEpoch: 1,
    clock: { now: () => ++time },
    ids: { next: (kind) => `${kind}:${++last}` },
    seal: createSeal((text) => String(text.length)),
    kinds: coreKinds,
    gate: createAccessGate({ rolesOf: (principal) => principal.roles }),
    onListenerError: () => {},
  });
  const view = world.view(PERSON);
  const record = { id: ID, kind: "connection", name: "Cell", protocol: "http", url: "http://plant", enabled: false, settings: {} };
  await view.apply({ branch: LIVE, reason: "test", changes: [{ op: "create", record }] });
  return view;
}

const set = (field: string, from: unknown, to: unknown): Change => ({
  op: "update",
  id: ID,
  fields: { [field]: { from, to } } as never,
});

test("[SV98] a change that says what shall be is made anew on the newest record when the server wrote the same field in between", async () => {
  const view = await aView();
  let [tries, own]: [number, Promise<unknown> | undefined] = [0, undefined];
  await applyOnNewest(view, "a person", (reader) => {
    tries++;
    const { settings } = reader.get(ID)!;
    own ??= view.apply({ branch: LIVE, reason: "the server", changes: [set("settings", settings, { intervalS: 5 })] });
    return [set("settings", settings, { intervalS: 0.2 })];
  });
  await own;
  expect(tries).toBe(2);
  expect(view.reader(LIVE).get(ID)).toMatchObject({ settings: { intervalS: 0.2 }, enabled: false });
});

test("[SV98] nothing to change is no revision; another refusal and a conflict that goes on are told", async () => {
  const view = await aView();
  const before = view.reader(LIVE).get(ID);
  await applyOnNewest(view, "nothing", () => []);
  expect(view.reader(LIVE).get(ID)).toBe(before);
  let tries = 0;
  await expect(
    applyOnNewest(view, "stale", () => {
      tries++;
      return [set("name", "never so", "x")];
    }),
  ).rejects.toMatchObject({ code: "DW_CONFLICT" });
  expect(tries).toBe(MAX_TIMES_OVERTAKEN);
  tries = 0;
  await expect(
    applyOnNewest(view, "none", () => {
      tries++;
      return [{ ...set("name", "a", "b"), id: "connection:none" } as Change];
    }),
  ).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  expect(tries).toBe(1);
});

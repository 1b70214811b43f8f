import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client, type LiveEvent } from "@doppelwerk/client";
import { createSiteApp, openHostedWorld, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { alarmFold, lineModels } from "@doppelwerk/ports";
import { importChanges, LIVE, SECOND, type Principal, type SignalRecord } from "@doppelwerk/world";
import type { AlarmRule } from "@doppelwerk/operations";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as alarms from "./calls.ts";
import { fieldsOf } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarms-"));
let site: HostedWorld;
let closeApp: () => Promise<unknown>;
let client: Client;
let origin: string;

const WAIT = { timeout: 60_000 };
const signalOf = (name: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "integer",
  shell: shellOf("S10"),
  connection: "connection:bench",
  address: name,
  ...more,
});
const ruleOf = (name: string, more: Partial<AlarmRule> = {}): AlarmRule => ({
  id: `alarmRule:${name}`,
  kind: "alarmRule",
  station: "S10",
  ...fieldsOf(name),
  ...more,
});

const bring = (address: string, value: number) => plantsOf(site).bring("connection:bench", [{ address, value, time: site.now() }]);
const stateOf = async (name: string): Promise<string> =>
  (await alarms.list(client)).find(({ rule }) => rule === `alarmRule:${name}`)?.state ?? "normal";

beforeAll(async () => {
  site = await openHostedWorld({ dataDirectory: folder, logger: pino({ level: "silent" }), workers: 1, features: productFeatures });
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  client = createClient({
    baseUrl: origin,
    person: { id: "a-secret-of-ada", name: "Ada" },
    fetch: (url, init) => fetch(url, init as RequestInit),
    WebSocket: WebSocket as never,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => Date.now() * 1_000,
  });
  const view = site.view(SYSTEM);
  const connection = {
    id: "connection:bench",
    kind: "connection",
    name: "bench",
    protocol: "entered",
    url: "entered:bench",
    enabled: true,
    settings: {},
  };
  await view.apply({
    branch: LIVE,
    reason: "a line with alarm rules",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: connection },
      { op: "create", record: signalOf("pressure") },
      { op: "create", record: signalOf("speed") },
      { op: "create", record: signalOf("recipe", { readers: ["administrator"] } as Partial<SignalRecord>) },
      { op: "create", record: signalOf("disk") },
      { op: "create", record: signalOf("edited") },
      { op: "create", record: signalOf("steady") },
      { op: "create", record: ruleOf("edited") },
      { op: "create", record: ruleOf("steady") },
      { op: "create", record: ruleOf("disk") },
      { op: "create", record: ruleOf("pressure") },
      { op: "create", record: ruleOf("speed", { latching: true }) },
      { op: "create", record: ruleOf("recipe") },
    ],
  });
  await vi.waitUntil(
    async () => (await plantsOf(site).list()).some(({ id, state }) => id === "connection:bench" && state === "connected"),
    WAIT,
  );
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[AL1] [AL2] [AL5] an alarm is listed, pushed, acknowledged, and leaves the list; its history stays", async () => {
  const pushed: LiveEvent[] = [];
  const live = client.live();
  live.on((event) => event.kind === "topic" && event.topic === "alarms.changed" && pushed.push(event));
  await expect.poll(() => live.state().kind).toBe("online");
  await bring("pressure", 60);
  await expect.poll(() => stateOf("pressure")).toBe("unacknowledged");
  await expect.poll(() => pushed.length).toBeGreaterThan(0);
  expect(pushed[0]).toMatchObject({ topic: "alarms.changed", payload: { rule: "alarmRule:pressure", state: "unacknowledged" } });
  const id = "alarmRule:pressure";
  expect(await alarms.acknowledge(client, { params: { id }, body: { reason: "seen" } })).toMatchObject({
    state: "acknowledged",
    by: "Ada",
  });
  await bring("pressure", 40);
  await expect.poll(() => stateOf("pressure")).toBe("normal");
  await expect(alarms.acknowledge(client, { params: { id } })).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await expect
    .poll(async () => {
      const now = site.now();
      const steps = await alarms.history(client, { query: { from: now - 600 * SECOND, to: now, station: "S10" } });
      return steps.filter(({ rule }) => rule === id).map(({ state }) => state);
    })
    .toEqual(["normal", "acknowledged", "unacknowledged"]);
  live.close();
});

test("[SV110] transitions of alarms are recorded as events, which only those may read who may read what the alarm tells of", async () => {
  await bring("pressure", 60);
  await bring("recipe", 60);
  await expect.poll(() => stateOf("pressure")).toBe("unacknowledged");
  const of = async (principal: Principal, rule: string) => {
    const query = { branch: LIVE, types: ["alarm.transition"], key: { name: "rule", value: `alarmRule:${rule}` } };
    return (await site.view(principal).events.query(query)).events.map(({ payload }) => payload["state"]);
  };
  const viewer: Principal = { id: "vic", name: "Vic", verified: true, roles: ["viewer"] };
  await expect.poll(() => of(SYSTEM, "recipe")).toContain("unacknowledged");
  await expect.poll(() => of(viewer, "pressure")).toContain("unacknowledged");
  expect(await of(viewer, "recipe")).toEqual([]);
  await bring("pressure", 40);
  await bring("recipe", 40);
  const id = "alarmRule:pressure";
  await alarms.acknowledge(client, { params: { id } });
  await expect.poll(() => stateOf("pressure")).toBe("normal");
  await expect.poll(() => of(viewer, "pressure")).toContain("normal");
});

test("[AL2] [AL3] shelving needs a reason and an end; maintenance takes out of service and returns; a latched alarm is reset", async () => {
  const id = "alarmRule:speed";
  await bring("speed", 70);
  await expect.poll(() => stateOf("speed")).toBe("unacknowledged");
  await expect(alarms.shelve(client, { params: { id }, body: { reason: " ", untilS: 60 } })).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await alarms.shelve(client, { params: { id }, body: { reason: "calibration", untilS: 60 } })).toMatchObject({ state: "shelved" });
  expect((await alarms.unshelve(client, { params: { id } })).state).not.toBe("shelved");
  await alarms.acknowledge(client, { params: { id } });
  await bring("speed", 20);
  await expect.poll(() => stateOf("speed")).toBe("latched");
  expect((await alarms.reset(client, { params: { id } })).state).toBe("normal");
  expect(await alarms.takeOutOfService(client, { params: { id }, body: { reason: "new sensor" } })).toMatchObject({
    state: "outOfService",
  });
  expect((await alarms.returnToService(client, { params: { id } })).state).toBe("normal");
  await expect(alarms.reset(client, { params: { id: "alarmRule:nothing" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AL4] an alarm of a signal that one may not read is nowhere, and an act on it meets nothing", async () => {
  await bring("recipe", 99);
  await expect.poll(() => stateOf("recipe")).toBe("unacknowledged");
  const operator: Principal = { id: "person:bob", name: "Bob", verified: true, roles: ["operator"] };
  const app = await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { person: () => operator }));
  const as = createClient({
    baseUrl: await app.listen({ port: 0, host: "127.0.0.1" }),
    person: { id: "a-secret-of-bob", name: "Bob" },
    fetch: (url, init) => fetch(url, init as RequestInit),
  });
  const now = site.now();
  const seen = [...(await alarms.list(as)), ...(await alarms.history(as, { query: { from: now - 600 * SECOND, to: now } }))];
  expect(seen.map(({ rule }) => rule)).toContain("alarmRule:speed");
  expect(seen.map(({ rule }) => rule)).not.toContain("alarmRule:recipe");
  const occurred = async (of: Client) => {
    const { occurrences } = await alarms.occurrences(of, { query: { from: now - 600 * SECOND, to: site.now() } });
    return occurrences.map(({ rule }) => rule);
  };
  expect(await occurred(as)).toContain("alarmRule:speed");
  expect(await occurred(as)).not.toContain("alarmRule:recipe");
  expect(await occurred(client)).toContain("alarmRule:recipe");
  const marks = async (of: Client): Promise<number> =>
    (await of.rail(now - 600 * SECOND, now, 600)).alarms.reduce((sum, { count }) => sum + count, 0);
  const active = seen.filter(({ state, changed }) => state === "unacknowledged" && changed < now);
  expect(await marks(as)).toBe(new Set(active.map(({ rule, changed }) => `${rule} ${changed}`)).size);
  expect(await marks(client)).toBeGreaterThan(await marks(as));
  await expect(alarms.acknowledge(as, { params: { id: "alarmRule:recipe" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(alarms.takeOutOfService(as, { params: { id: "alarmRule:speed" }, body: { reason: "x" } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
  await app.close();
});

test("[AL7] an act that cannot be stored is answered 503 and not carried out; when there is room again it is", async () => {
  const id = "alarmRule:disk";
  await bring("disk", 60);
  await expect.poll(() => stateOf("disk")).toBe("unacknowledged");
  const act = () =>
    fetch(`${origin}/api/doppelwerk/v1/alarms/${id}/acknowledge`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reason: "seen" }),
    });
  const append = vi.spyOn(site.history, "append").mockRejectedValue(new Error("ENOSPC: no space left on device"));
  try {
    const refused = await act();
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: "DW_UNAVAILABLE" } }]);
    expect(await stateOf("disk")).toBe("unacknowledged");
  } finally {
    append.mockRestore();
  }
  expect((await act()).status).toBe(200);
  expect(await stateOf("disk")).toBe("acknowledged");
  const now = site.now();
  const steps = await alarms.history(client, { query: { from: now - 600 * SECOND, to: now + SECOND } });
  expect(steps.filter(({ rule }) => rule === id).map(({ state }) => state)).toEqual(["acknowledged", "unacknowledged"]);
});

test("[AL16] transitions come page by page, newest first, and together are those of the period", async () => {
  const now = site.now();
  const period = { from: now - 600 * SECOND, to: now + SECOND };
  const all = await alarms.history(client, { query: period });
  expect(all.length).toBeGreaterThan(3);
  const found: (typeof all)[number][] = [];
  let cursor: string | undefined;
  do {
    const page = await alarms.transitions(client, { query: { ...period, limit: 2, ...(cursor === undefined ? {} : { cursor }) } });
    expect(page.alarms.length).toBeLessThanOrEqual(2);
    found.push(...page.alarms);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(found).toEqual(all);
  const wrong = alarms.transitions(client, { query: { ...period, cursor: "elsewhere" } });
  await expect(wrong).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[AL32] an alarm that was acknowledged and returned is one occurrence with its limit, of its station and line alone", async () => {
  const from = site.now();
  await bring("pressure", 91);
  await expect.poll(() => stateOf("pressure")).toBe("unacknowledged");
  await alarms.acknowledge(client, { params: { id: "alarmRule:pressure" } });
  await bring("pressure", 3);
  await expect.poll(() => stateOf("pressure")).toBe("normal");
  const query = { from, to: site.now() + SECOND };
  const own = (occurrences: readonly { readonly rule: string }[]) => occurrences.filter(({ rule }) => rule === "alarmRule:pressure");
  const found = own((await alarms.occurrences(client, { query: { ...query, station: "S10" } })).occurrences);
  expect(found).toMatchObject([{ station: "S10", state: "normal", value: "91", limit: 50, condition: "high", by: "Ada", priority: 2 }]);
  const [{ raised, acknowledged, returned, respondBy }] = found as unknown as [Readonly<Record<string, number>>];
  expect([raised! <= acknowledged!, acknowledged! <= returned!, respondBy! - raised!]).toEqual([true, true, 600 * SECOND]);
  expect(own((await alarms.occurrences(client, { query: { ...query, station: "S20" } })).occurrences)).toEqual([]);
  await expect(alarms.occurrences(client, { query: { ...query, line: "line:none" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[AL9] stored rules stand beside the defaults; one of a default's id takes its place or switches it off", async () => {
  const view = site.view(SYSTEM);
  const rules = () => site.features.port(alarmFold).rules();
  const ids = async () => (await rules()).map(({ id }) => id);
  expect(await ids()).toContain("alarmRule:pressure");
  const shipped = (await rules()).filter(({ id }) => view.reader(LIVE).get(id) === undefined);
  expect(shipped.length).toBeGreaterThan(3);
  const before = await ids();
  const [first] = shipped;
  await view.apply({ branch: LIVE, reason: "not here", changes: [{ op: "create", record: { ...first!, enabled: false } }] });
  await expect.poll(async () => (await rules()).find(({ id }) => id === first!.id)?.enabled).toBe(false);
  expect(await ids()).toEqual(before);
});

test("[AL10] an edited rule holds from its instant, a deleted one leaves the list; what was seen stays, also when the past is derived again", async () => {
  const view = site.view(SYSTEM);
  const [edited, steady] = ["alarmRule:edited", "alarmRule:steady"];
  const steps = async (rule: string) => {
    const now = site.now();
    const all = await alarms.history(client, { query: { from: now - 3_600 * SECOND, to: now + SECOND } });
    return all.filter((step) => step.rule === rule).map(({ changed, state, reason }) => ({ changed, state, reason }));
  };
  const states = async (rule: string) => (await steps(rule)).map(({ state }) => state);
  const limit = async (from: number, to: number) => {
    const condition = (value: number) => ({ kind: "high", signal: "signal:edited", limit: value, deadband: 0 });
    const fields = { condition: { from: condition(from), to: condition(to) } };
    await view.apply({ branch: LIVE, reason: "another limit", changes: [{ op: "update", id: edited, fields }] });
  };
  await bring("edited", 60);
  await bring("steady", 60);
  await expect.poll(() => stateOf("edited")).toBe("unacknowledged");
  await expect.poll(() => stateOf("steady")).toBe("unacknowledged");
  await alarms.acknowledge(client, { params: { id: steady } });
  const untouched = (await alarms.list(client)).find(({ rule }) => rule === steady);
  const seen = await steps(edited);
  await limit(50, 90);
  await expect.poll(() => stateOf("edited")).toBe("normal");
  await expect.poll(() => steps(edited)).toEqual([{ changed: expect.any(Number), state: "normal", reason: "rule edited" }, ...seen]);
  // 60 stands and is too high again: judged at once
  await limit(90, 30);
  await expect.poll(() => stateOf("edited")).toBe("unacknowledged");
  // the list is served from the fold, the history from what it stored a moment later
  await expect.poll(() => states(edited)).toEqual(["unacknowledged", "normal", "unacknowledged"]);
  expect((await alarms.list(client)).find(({ rule }) => rule === steady)).toEqual(untouched);
  await view.apply({ branch: LIVE, reason: "not needed", changes: [{ op: "delete", record: view.reader(LIVE).get(edited)! }] });
  await expect.poll(() => stateOf("edited")).toBe("normal");
  await expect.poll(() => states(edited)).toEqual(["normal", "unacknowledged", "normal", "unacknowledged"]);
  const all = [await steps(edited), await steps(steady)];
  let derived = 0;
  const unfollow = site.features.port(lineModels).followDerived(() => derived++);
  await plantsOf(site).bring("connection:bench", [{ address: "speed", value: 1, time: site.now() - 900 * SECOND }]);
  await expect.poll(() => derived, { timeout: 30_000 }).toBeGreaterThan(0);
  unfollow();
  expect([await steps(edited), await steps(steady)]).toEqual(all);
  expect((await alarms.list(client)).find(({ rule }) => rule === steady)).toEqual(untouched);
});

test("[AL6] switched off it answers 404 and says why; on again the time between is judged and the list is whole", async () => {
  const api = `${origin}/api/doppelwerk/v1`;
  await site.features.switchFeature("alarms", false);
  const off = await fetch(`${api}/alarms`);
  expect([off.status, ((await off.json()) as { error: { message: string } }).error.message]).toEqual([
    404,
    expect.stringContaining("off in this world"),
  ]);
  await bring("pressure", 60);
  const from = site.now();
  await bring("pressure", 70);
  const snapshot = (await (await fetch(`${api}/snapshot`)).json()) as { readonly alarms: readonly unknown[] };
  expect(snapshot.alarms).toEqual([]);
  await site.features.switchFeature("alarms", true);
  expect((await fetch(`${api}/alarms`)).status).toBe(200);
  await expect.poll(() => stateOf("pressure")).toBe("unacknowledged");
  expect((await alarms.list(client)).find(({ rule }) => rule === "alarmRule:pressure")?.since).toBeLessThan(from);
  expect(((await (await fetch(`${api}/features`)).json()) as { features: object[] }).features).toContainEqual({
    id: "alarms",
    perWorld: true,
    state: { state: "open" },
  });
});

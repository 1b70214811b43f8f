import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { alarmFold as fold, alarmSignalId } from "@doppelwerk/operations";
import { alarmFold } from "@doppelwerk/ports";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, MINUTE } from "@doppelwerk/world";
import { afterEach, expect, test, vi } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf } from "../../e2e/running-site.ts";
import { BENCH, fieldsOf, setUpBench, text } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";

type Hub = HostedWorld["hub"];
const closes: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closes.splice(0).toReversed()) await close();
});

interface Opened {
  readonly site: HostedWorld;
  readonly client: Client;
  readonly folder: string;
  get(path: string): Promise<{ readonly status: number; readonly body: never }>;
  bring(name: string, value: number): Promise<unknown>;
  /** What `GET /features` says of a feature. */
  state(id: string): Promise<{ readonly state: string; readonly reason?: string }>;
  alarm(name: string): Promise<string | undefined>;
}

async function open(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-faults-"));
  const site = await openProduct(folder);
  const app = await createSiteApp(site);
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  closes.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => site.close(),
    () => app.close(),
  );
  await setUpBench(site, { pressure: fieldsOf("pressure", { station: "S10" }), speed: fieldsOf("speed") });
  const client = clientOf(origin, "Ada");
  const get = async (path: string) => {
    const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`);
    return { status: answer.status, body: (await answer.json()) as never };
  };
  return {
    site,
    client,
    folder,
    get,
    bring: (name, value) => plantsOf(site).bring(BENCH, [{ address: name, value, time: site.now() }]),
    async state(id) {
      const { features } = (await get("/features")).body as { readonly features: { readonly id: string; readonly state: never }[] };
      return features.find((feature) => feature.id === id)!.state;
    },
    alarm: async (name) => (await alarms.list(client)).find(({ rule }) => rule === `alarmRule:${name}`)?.state,
  };
}

/** Values come in and the line is pictured, whatever the alarms do. */
async function expectPlantGoesOn({ site, get, bring }: Opened): Promise<void> {
  const value = Math.round(Math.random() * 1e6) / 1e6;
  await bring("pressure", value);
  await expect.poll(() => site.signals.live("signal:pressure")?.value).toBe(value);
  const snapshot = await get("/snapshot");
  expect([snapshot.status, (snapshot.body as { readonly stations: readonly object[] }).stations.length]).toEqual([200, expect.any(Number)]);
  expect((snapshot.body as { readonly stations: readonly object[] }).stations.length).toBeGreaterThan(0);
}

test("[AL21] [level: faults] what throws while alarms open is named, the plant goes on without them, and they open when the cause is gone", async () => {
  // a folder stands where the book of rules should
  const site = await open();
  await site.site.features.switchFeature("alarms", false);
  rmSync(join(site.folder, "alarm-rules.json"));
  mkdirSync(join(site.folder, "alarm-rules.json"));
  await site.site.features.switchFeature("alarms", true);
  expect(await site.state("alarms")).toMatchObject({ state: "failed", reason: expect.stringContaining("EISDIR") });
  const refused = await site.get("/alarms");
  expect([refused.status, refused.body]).toMatchObject([
    503,
    { error: { code: "DW_UNAVAILABLE", message: expect.stringContaining("EISDIR") } },
  ]);
  expect((await site.state("line")).state).toBe("open");
  await expectPlantGoesOn(site);
  rmdirSync(join(site.folder, "alarm-rules.json"));
  await expect.poll(() => site.state("alarms")).toEqual({ state: "open" });
  await site.bring("pressure", 60);
  await expect.poll(() => site.alarm("pressure")).toBe("unacknowledged");
});

test("[AL21] [level: faults] an operation that throws fails alone and names itself; the next one is answered", async () => {
  const opened = await open();
  await opened.bring("pressure", 60);
  await expect.poll(() => opened.alarm("pressure")).toBe("unacknowledged");
  const now = opened.site.now();
  const path = `/alarm-transitions?from=${now - 10 * MINUTE}&to=${now + MINUTE}`;
  const { raw } = opened.site.history;
  vi.spyOn(opened.site.history, "raw").mockImplementation((key, ...rest) => {
    if (key.signal === alarmSignalId("alarmRule:pressure")) throw new Error("a bug of the historian");
    return raw.call(opened.site.history, key, ...rest);
  });
  const failed = await opened.get(path);
  expect([failed.status, failed.body]).toMatchObject([500, { error: { code: "DW_BUG" } }]);
  expect(await opened.alarm("pressure")).toBe("unacknowledged");
  await expectPlantGoesOn(opened);
  vi.restoreAllMocks();
  expect((await opened.get(path)).status).toBe(200);
});

test("[AL21] [level: faults] alarms whose fold throws with a sample are named as not judged; states go on, and an edited rule begins again", async () => {
  const { open: openFold } = fold;
  const plant = vi.spyOn(fold, "open").mockImplementation((definition, emit, state) => {
    const folding = openFold(definition, emit, state);
    let taken = 0;
    return {
      ...folding,
      take(...sample) {
        if (++taken === 5) throw new Error(`sample ${taken}`);
        folding.take(...sample);
      },
    };
  });
  const opened = await open();
  await expect
    .poll(() =>
      opened.site.features
        .port(alarmFold)
        .rules()
        .then(({ length }) => length),
    )
    .toBeGreaterThan(2);
  for (let n = 0; n < 8; n++) {
    await opened.bring("pressure", n % 2 === 0 ? 60 : 40);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await expect.poll(() => opened.state("alarms")).toEqual({ state: "degraded", reason: expect.stringContaining("sample 5") });
  expect((await opened.state("line")).state).toBe("open");
  await expectPlantGoesOn(opened);
  const act = alarms.acknowledge(opened.client, { params: { id: "alarmRule:pressure" } });
  await expect(act).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  plant.mockRestore();
  await alarms.storeRule(opened.client, { params: { id: "alarmRule:speed" }, body: { fields: fieldsOf("speed", { priority: 1 }) } });
  await expect.poll(() => opened.state("alarms")).toEqual({ state: "open" });
  await opened.bring("speed", 70);
  await expect.poll(() => opened.alarm("speed")).toBe("unacknowledged");
});

test("[AL21] [level: faults] a record that is no rule by its fields is named; every other rule is judged", async () => {
  const opened = await open();
  const broken = { id: "alarmRule:broken", kind: "alarmRule", title: text("half"), condition: { kind: "high", signal: "signal:speed" } };
  const view = opened.site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: "by some other program", changes: [{ op: "create", record: broken as never }] });
  await expect.poll(() => opened.state("alarms")).toEqual({ state: "degraded", reason: expect.stringContaining("alarmRule:broken") });
  await opened.bring("speed", 70);
  await expect.poll(() => opened.alarm("speed")).toBe("unacknowledged");
  expect((await alarms.rules(opened.client)).map(({ id }) => id)).not.toContain(broken.id);
  await view.apply({ branch: LIVE, reason: "not a rule", changes: [{ op: "delete", record: broken as never }] });
  await expect.poll(() => opened.state("alarms")).toEqual({ state: "open" });
});

test("[AL21] [level: faults] a transition that cannot be shown is stored all the same, and the next one is shown", async () => {
  const opened = await open();
  const { publishTopic } = opened.site.hub;
  const publish = vi.spyOn(opened.site.hub, "publishTopic").mockImplementation(function mocked(this: Hub, ...pushed) {
    if (pushed[0].id === "alarms.changed") throw new Error("a bug of the hub");
    publishTopic.apply(this, pushed);
  });
  await opened.bring("pressure", 60);
  await expect.poll(() => publish.mock.calls.some(([{ id }]) => id === "alarms.changed")).toBe(true);
  await expect.poll(() => opened.alarm("pressure")).toBe("unacknowledged");
  publish.mockRestore();
  const pushed: unknown[] = [];
  const live = opened.client.live();
  closes.push(() => live.close());
  live.on((event) => event.kind === "topic" && event.topic === "alarms.changed" && pushed.push(event.payload));
  await expect.poll(() => live.state().kind).toBe("online");
  await opened.bring("speed", 70);
  await expect.poll(() => pushed.length).toBeGreaterThan(0);
  expect(pushed[0]).toMatchObject({ rule: "alarmRule:speed" });
  await expectPlantGoesOn(opened);
});

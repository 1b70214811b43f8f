import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, RunModel } from "@doppelwerk/client";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { createLineRun, modelOf, type ExperimentModel, type ReplicationOptions } from "@doppelwerk/sim";
import { LIVE, MINUTE, SECOND } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf, eventually } from "../../e2e/running-site.ts";
import { BENCH, fieldsOf, setUpBench } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-whole-"));
let site: HostedWorld;
let client: Client;
let closeApp: () => Promise<unknown>;
let branch: string;
/** Rules of the branch alone. */
let waits: string;
let low: string;
let run: string;
const ON_DELAY_S = 20;
const WAITING = ["starved", "blocked"] as const;

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  client = clientOf(await app.listen({ port: 0, host: "127.0.0.1" }), "Ada");
  await setUpBench(site, { pressure: fieldsOf("pressure") });
  const now = site.now();
  await plantsOf(site).bring(BENCH, [
    { address: "pressure", value: 40, time: now - 50 * MINUTE },
    { address: "pressure", value: 60, time: now - 40 * MINUTE },
    { address: "pressure", value: 20, time: now - 30 * MINUTE },
  ]);
  await eventually(
    async () => (await alarms.history(client, { query: { from: now - 60 * MINUTE, to: now } })).length > 0,
    "the record is judged",
  );
  branch = (await site.view(SYSTEM).fork({ name: "other rules", parent: LIVE, instant: site.now(), reason: "test" })).id;
  const query = { branch };
  waits = (
    await alarms.addRule(client, {
      query,
      body: {
        fields: fieldsOf("waits", {
          condition: { kind: "state", station: "S120", states: [...WAITING] },
          onDelayS: ON_DELAY_S,
          priority: 3,
        }),
      },
    })
  ).id;
  low = (
    await alarms.addRule(client, {
      query,
      body: { fields: fieldsOf("low", { condition: { kind: "low", signal: "signal:pressure", limit: 30, deadband: 0 } }) },
    })
  ).id;
  await alarms.storeRule(client, {
    params: { id: "alarmRule:pressure" },
    query,
    body: { fields: fieldsOf("pressure", { enabled: false }) },
  });
  run = (await client.run(branch, { kind: "forecast", seed: 7, replications: 5 })).id;
  await eventually(async () => (await client.runResult(run)).run.state === "done", "the run is done");
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** When the station began to wait for longer than the delay, from the events of the same replication simulated here. */
async function waitsOf(replication: number): Promise<{ readonly raised: readonly number[]; readonly traceHash: string }> {
  const model = await client.requester.json<RunModel>("GET", `/runs/${run}/model`);
  const options = { ...(model.options as object), replication, drawParameters: true } as ReplicationOptions;
  const experiment = model.branch as ExperimentModel;
  const places: string[] = [];
  const changes: { at: number; waits: boolean }[] = [];
  const line = createLineRun(modelOf(experiment, options), {
    seed: options.seed,
    replication,
    startInstant: options.start,
    warmUpS: options.warmUpS,
    outputStepS: options.outputStepS,
    ...(experiment.initialState && { initialState: experiment.initialState }),
    observer(event) {
      if (event.kind !== "placeState" || event.station !== "S120") return;
      places[event.place] = event.state;
      if (changes.at(-1)?.at === event.time) changes.pop();
      // the station has one place
      changes.push({ at: event.time, waits: ["starved", "blocked", "waitingMaterial"].includes(places[0]!) });
    },
  });
  const end = options.start + Math.round(options.horizonS * SECOND);
  line.advanceTo(end);
  const raised = changes.flatMap(({ at, waits: own }, n) => {
    const lasts = (changes.slice(n).find((later) => !later.waits)?.at ?? end + 1) - at;
    const isNew = own && (n === 0 || !changes[n - 1]!.waits);
    return isNew && lasts >= ON_DELAY_S * SECOND && at + ON_DELAY_S * SECOND <= end ? [at + ON_DELAY_S * SECOND] : [];
  });
  return { raised, traceHash: line.result().traceHash };
}

test("[AL25] [level: whole] in its simulated future a branch has the alarms that its own rules conclude from the states of the run, event for event", async () => {
  const ahead = await alarms.ahead(client, { query: { branch } });
  expect([ahead.run, ahead.isWhole]).toEqual([run, true]);
  const { raised, traceHash } = await waitsOf(ahead.replication);
  expect(raised.length).toBeGreaterThan(0);
  expect(ahead.traceHash).toBe(traceHash);
  const own = ahead.transitions.filter(({ rule, state }) => rule === waits && state === "unacknowledged").map(({ changed }) => changed);
  expect(own.toReversed()).toEqual(raised);
  expect(ahead.figures.raised).toBeGreaterThanOrEqual(raised.length);
  // what is simulated is said to be, what was recorded too
  for (const { changed, origin } of ahead.transitions) expect(origin).toBe(changed >= ahead.from ? "simulated" : "derived");
  expect(ahead.notJudged.map(({ id }) => id)).toContain(low);
  expect(ahead.notJudged.map(({ id }) => id)).not.toContain("alarmRule:pressure");
  // at an instant of the future
  const t = raised[0]! + 1;
  const then = await alarms.ahead(client, { query: { branch, t, replication: ahead.replication } });
  expect(then.alarms.find(({ rule }) => rule === waits)).toMatchObject({ since: raised[0], state: "unacknowledged", origin: "simulated" });
  const earlier = await alarms.ahead(client, { query: { branch, t: raised[0]! - 1, run } });
  expect(earlier.alarms.some(({ rule }) => rule === waits)).toBe(false);
});

test("[AL25] [level: whole] before the simulation begins it is the record of the parent under the rules of the branch", async () => {
  const { from } = await alarms.ahead(client, { query: { branch } });
  const before = await alarms.ahead(client, { query: { branch, t: from - 1 } });
  expect(before.alarms.filter(({ rule }) => [low, "alarmRule:pressure"].includes(rule))).toMatchObject([
    { rule: low, state: "unacknowledged", origin: "derived", value: "20" },
  ]);
  const then = site.now() - 35 * MINUTE;
  expect((await alarms.ahead(client, { query: { branch, t: then } })).alarms.map(({ rule }) => rule)).not.toContain("alarmRule:pressure");
  // as it was seen live
  expect((await alarms.list(client, { query: { t: then } })).map(({ rule }) => rule)).toContain("alarmRule:pressure");
  const trial = await alarms.tryRules(client, { query: { branch }, body: { from: then - 10 * MINUTE, to: then + 10 * MINUTE, rules: [] } });
  expect(trial.rules.map(({ id, was, would }) => [id, was, would])).toEqual(
    expect.arrayContaining([
      ["alarmRule:pressure", 1, 0],
      [low, 0, 1],
    ]),
  );
});

test("[AL25] [level: whole] live knows nothing of it; another replication, a run of another branch and a branch without a run are told apart", async () => {
  const listed = await alarms.list(client);
  expect(listed.some(({ rule }) => rule === waits || rule === low)).toBe(false);
  expect((await alarms.rules(client)).some(({ id }) => id === waits)).toBe(false);
  const [first, second] = await Promise.all([0, 1].map((replication) => alarms.ahead(client, { query: { branch, replication } })));
  expect(first!.traceHash).not.toBe(second!.traceHash);
  await expect(alarms.ahead(client, { query: { branch, replication: 5 } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  const { id: other } = await site.view(SYSTEM).fork({ name: "nothing ran", parent: LIVE, instant: site.now(), reason: "test" });
  await expect(alarms.ahead(client, { query: { branch: other } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(alarms.ahead(client, { query: { branch: other, run } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

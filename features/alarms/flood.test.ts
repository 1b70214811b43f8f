import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { alarmSignalId, type AlarmEvent } from "@doppelwerk/operations";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { createMemoryHistory } from "@doppelwerk/storage/memory";
import { batchOfKept, LIVE, MINUTE, SECOND } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf } from "../../e2e/running-site.ts";
import { BENCH, fieldsOf, setUpBench } from "./bench.fixture.ts";
import * as alarms from "./calls.ts";
import { MAX_TRANSITIONS, type Alarm } from "./contract.ts";
import { newestSteps } from "./server/fold/newest-steps.ts";

const RULES = 200;
const STEPS = 200;
const NAMES = Array.from({ length: RULES }, (_, n) => `p${n}`);

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-flood-"));
let site: HostedWorld;
let closeApp: () => Promise<unknown>;
let origin: string;
let client: Client;
/** When the flood began. */
let begun: number;

beforeAll(async () => {
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  // nobody is cut off for being silent meanwhile
  site.hub.attach(app.server, 3_600_000);
  client = clientOf(origin, "Ada");
  await setUpBench(site, Object.fromEntries(NAMES.map((name, n) => [name, fieldsOf(name, { priority: ((n % 4) + 1) as 1 | 2 | 3 | 4 })])));
});
afterAll(async () => {
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A viewer that reads nothing until it is told to. */
class SlowViewer {
  readonly pushed: { readonly payload: Alarm; readonly dropped?: number }[] = [];
  readonly socket = new WebSocket(`${origin.replace("http", "ws")}/ws`);

  async join(): Promise<this> {
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) return;
      const message = JSON.parse(String(data)) as { readonly topic?: string; readonly payload: Alarm; readonly dropped?: number };
      if (message.topic === "alarms.changed") this.pushed.push(message);
    });
    await new Promise((resolve) => this.socket.once("open", resolve));
    this.socket.send(JSON.stringify({ kind: "hello", protocol: 2, name: "Slow", client: "a secret of somebody slow", branch: LIVE }));
    const first = await new Promise((resolve) => this.socket.once("message", resolve));
    expect(String(first)).toContain('"kind":"welcome"');
    this.socket.pause();
    return this;
  }

  get told(): number {
    return this.pushed.reduce((sum, { dropped = 0 }) => sum + 1 + dropped, 0);
  }
}

const dropped = async (): Promise<number> => {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/doppelwerk_topic_messages_dropped_total\{topic="alarms.changed"\} (\d+)/.exec(text)?.[1] ?? 0);
};

test(`[AL22] [level: bounded] ${RULES * STEPS} transitions in a flood: a slow viewer loses the oldest and is told how many, answers come by pages, the plant goes on`, async () => {
  const viewer = await new SlowViewer().join();
  const from = (begun = site.now());
  for (let step = 0; step < STEPS; step++) {
    const [value, time] = [step % 2 === 0 ? 60 : 40, site.now()];
    void plantsOf(site).bring(
      BENCH,
      NAMES.map((address) => ({ address, value: value + step / 1_000, time })),
    );
    // a tick of its own for each
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const count = async (): Promise<number> => {
    let found = 0;
    let cursor: string | undefined;
    do {
      const query = { from, to: site.now() + SECOND, limit: MAX_TRANSITIONS, ...(cursor !== undefined && { cursor }) };
      const page: { readonly alarms: readonly Alarm[]; readonly next?: string } = await alarms.transitions(client, { query });
      expect(page.alarms.length).toBeLessThanOrEqual(MAX_TRANSITIONS);
      found += page.alarms.length;
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  };
  // all were raised the last time, and returned
  const last = String(Number((60 + (STEPS - 2) / 1_000).toPrecision(4)));
  const isOver = ({ state, value }: Alarm): boolean => state === "returnedUnacknowledged" && value === last;
  await expect.poll(async () => (await alarms.list(client)).filter(isOver).length, { interval: 1_000 }).toBe(RULES);
  await expect.poll(count, { interval: 3_000 }).toBe(RULES * STEPS);
  expect([site.intakeCounts.dropped, site.signals.live("signal:p0")?.value]).toEqual([0, 40 + (STEPS - 1) / 1_000]);
  expect((await alarms.list(client)).length).toBe(RULES);
  const lost = await dropped();
  expect(lost).toBeGreaterThan(0);
  // what waited comes now, the newest among it
  viewer.socket.resume();
  await expect.poll(() => viewer.told).toBe(RULES * STEPS);
  expect([viewer.pushed.length, await dropped()]).toEqual([RULES * STEPS - lost, lost]);
  expect(viewer.pushed.at(-1)?.payload.state).toBe("returnedUnacknowledged");
  viewer.socket.close();
}, 600_000);

test("[AL22] [level: bounded] a test of rules over the flood lists a part and says so; so many tests wait, more are refused", async () => {
  const to = site.now();
  const span = { from: to - 10 * MINUTE, to };
  const rules = (await alarms.rules(client)).map(({ id, fields }) => ({ id, fields })).slice(0, 100);
  const trial = await alarms.tryRules(client, { body: { ...span, rules } });
  expect([trial.isWhole, trial.raised.length, trial.was.raised]).toEqual([false, 1_000, (RULES * STEPS) / 2]);
  // of a span in which nothing happened
  const quiet = { from: begun - 2 * SECOND, to: begun - SECOND };
  const asked = Array.from({ length: 14 }, () => alarms.tryRules(client, { body: { ...quiet, rules } }));
  const answers = await Promise.allSettled(asked);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as { readonly code: string }] : []));
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 14 - 9 }, () => "DW_QUEUE_FULL"));
}, 600_000);

test("[AL16] [AL22] the newest steps of alarms are read however many there are, at most as many as asked for of each", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const history = createMemoryHistory();
  const rules = Array.from({ length: 20 }, (_, n) => ({ id: `alarmRule:${n}` }));
  const ids = rules.map(({ id }) => alarmSignalId(id));
  const all: AlarmEvent[][] = [];
  for (const [n, { id }] of rules.entries()) {
    let instant = 1_000;
    const steps = Array.from({ length: n === 3 ? 12_000 : Math.floor(random() * 300) }, (_, step) => {
      // several of one instant now and then
      if (random() > 0.2) instant += Math.floor(random() * 1_000);
      return { rule: id, instant, action: "alarm", state: "unacknowledged", number: step } as unknown as AlarmEvent;
    });
    all.push(steps);
    const kept = steps.map((event) => ({ signal: ids[n]!, time: event.instant, value: 1, text: JSON.stringify(event) }));
    if (kept.length > 0)
      await history.append(
        LIVE,
        batchOfKept(kept, (signal) => ids.indexOf(signal)),
        ids,
      );
  }
  const newest = all
    .flat()
    .toReversed()
    .sort((a, b) => b.instant - a.instant);
  const last = newest[0]!.instant;
  for (const count of [1, 7, 500, 5_000, 20_000, Number.POSITIVE_INFINITY]) {
    const [from, to] = [Math.floor(random() * 50_000), last - Math.floor(random() * 50_000)];
    const expected = newest.filter(({ instant }) => instant >= from && instant < to).slice(0, count);
    expect(await newestSteps(history, rules, { from, to, count }), `seed ${seed}, ${count} of ${from}–${to}`).toEqual(expected);
  }
  // never more rows at once than a page needs
  let most = 0;
  const counting = {
    raw: async (...query: Parameters<typeof history.raw>) => {
      const columns = await history.raw(...query);
      most = Math.max(most, columns.times.length);
      return columns;
    },
  };
  await newestSteps(counting, rules, { from: 0, to: last + 1, count: 5_000 });
  expect(most).toBeLessThanOrEqual(5_001);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, expect, test, vi } from "vitest";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as alarms from "./calls.ts";
import { fieldsOf } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-without-line-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld | undefined;
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[AL30] without a line a rule over a signal annunciates and returns; one over a station's state waits for the line", async () => {
  site = await openProduct(folder);
  const tank = { id: "signal:tank", kind: "signal", name: "tank", valueType: "double", connection: "connection:bench", address: "tank" };
  const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "a tank",
    changes: [{ ...bench, settings: {} }, tank].map((record) => ({ op: "create" as const, record: record as never })),
  });
  await vi.waitUntil(async () => (await plantsOf(site!).list()).some(({ state }) => state === "connected"), { timeout: 60_000 });
  const engineer = await clientAs(site, "eva", "engineer", closes);
  const low = fieldsOf("tank low", { condition: { kind: "low", signal: tank.id, limit: 50, deadband: 2 } });
  const failed = fieldsOf("failed", { condition: { kind: "state", station: "S10", states: ["failed"] } });
  const { id } = await alarms.addRule(engineer, { body: { fields: low } });
  await alarms.addRule(engineer, { body: { fields: failed } });
  const bring = (value: number) => plantsOf(site!).bring(bench.id, [{ address: "tank", value, time: site!.now() }]);
  const states = async () => (await alarms.list(engineer)).map(({ rule, state }) => [rule, state]);
  await bring(40);
  await expect.poll(states).toEqual([[id, "unacknowledged"]]);
  await alarms.acknowledge(engineer, { params: { id }, body: {} });
  await bring(60);
  await expect.poll(states).toEqual([]);
});

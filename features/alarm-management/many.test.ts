import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { alarmSignalId } from "@doppelwerk/operations";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { batchOfKept, LIVE, MINUTE, SECOND } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as management from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-many-alarms-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
const RULES = 300;
const EACH = 1_000;
/** Seconds of CPU; a hint of how long it takes is printed. */
const MOST_CPU_S = 30;

beforeAll(async () => {
  site = await openProduct(folder);
  const both = (en: string) => ({ en, zh: en });
  const records = Array.from({ length: RULES }, (_, n) => [
    { id: `signal:p${n}`, kind: "signal", name: `p${n}`, valueType: "double", connection: "connection:x", address: `p${n}` },
    {
      id: `alarmRule:p${n}`,
      kind: "alarmRule",
      title: both(`p${n} too high`),
      condition: { kind: "high", signal: `signal:p${n}`, limit: 50, deadband: 0 },
      priority: 1 + (n % 4),
      onDelayS: 0,
      offDelayS: 0,
      cause: both("cause"),
      consequence: both("consequence"),
      response: both("response"),
      timeToRespondS: 600,
      latching: false,
      suppressedIn: [],
      enabled: true,
    },
  ]).flat();
  await site
    .view(SYSTEM)
    .apply({ branch: LIVE, reason: "rules", changes: records.map((record) => ({ op: "create", record: record as never })) });
}, 300_000);
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`[AR11] ${RULES * EACH} alarms of ${RULES} rules are judged whole, and the process answers others meanwhile`, async () => {
  const to = site.now() - 60 * MINUTE;
  const from = to - EACH * 2 * MINUTE;
  for (let n = 0; n < RULES; n++) {
    const [rule, signal] = [`alarmRule:p${n}`, alarmSignalId(`alarmRule:p${n}`)];
    const own = { rule, instance: "x", priority: 1 + (n % 4), title: { en: `p${n} too high`, zh: `p${n}` }, firstOut: false };
    const kept = Array.from({ length: EACH }, (_, at) => {
      const raised = from + at * 2 * MINUTE + n * 100_000;
      const returned = raised + 30 * SECOND;
      return [
        { ...own, action: "alarm", from: "normal", state: "unacknowledged", instant: raised },
        { ...own, action: "return", from: "unacknowledged", state: "returnedUnacknowledged", instant: returned, raisedAt: raised },
      ].map((event) => ({ signal, time: event.instant, value: 1, text: JSON.stringify(event) }));
    }).flat();
    await site.history.append(
      LIVE,
      batchOfKept(kept, () => 0),
      [signal],
    );
  }
  const viewer = await clientAs(site, "vera", "viewer", closes);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const begun = process.cpuUsage();
  const found = await management.performance(viewer, { query: { from, to } });
  const { user, system } = process.cpuUsage(begun);
  delay.disable();
  const cpuS = (user + system) / 1e6;
  process.stderr.write(`${RULES * EACH} alarms: ${cpuS.toFixed(2)} s of CPU, longest stall ${(delay.max / 1e6).toFixed(0)} ms\n`);
  expect(found.raised).toBe(RULES * EACH);
  expect(found.top.every(({ count }) => count === EACH)).toBe(true);
  expect(found.floodCount).toBe(1);
  expect(cpuS).toBeLessThan(MOST_CPU_S);
}, 600_000);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import type { AlarmRule } from "@doppelwerk/operations";
import { importChanges, LIVE, type Principal, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { productFeatures } from "../../../../apps/doppelwerk/src/features.ts";
import { openProduct, serveAs, plantsOf } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { shellOf, smallPlant } from "../../../../packs/discrete-line/src/small-plant.fixture.ts";
import type { Escalation } from "./contract.ts";
import { escalation } from "./feature.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-escalation-"));
let site: HostedWorld;
let served: { readonly origin: string; close(): Promise<void> };

const text = (en: string) => ({ en, zh: en });
const pressure = {
  id: "signal:pressure",
  kind: "signal",
  name: "pressure",
  valueType: "integer",
  shell: shellOf("S10"),
  connection: "connection:bench",
  address: "pressure",
  readers: ["administrator"],
} as SignalRecord;
const rule: AlarmRule = {
  id: "alarmRule:pressure",
  kind: "alarmRule",
  title: text("pressure too high"),
  condition: { kind: "high", signal: pressure.id, limit: 50, deadband: 0 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("cause"),
  consequence: text("consequence"),
  response: text("response"),
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  enabled: true,
};

// #region product
function openWithEscalation(dataDirectory: string): Promise<HostedWorld> {
  const quick = { ...escalation, settings: { ...escalation.settings, schema: z.object({ afterS: z.number().default(1) }) } };
  return openProduct(dataDirectory, { features: [...productFeatures, { feature: quick, folder: new URL("./", import.meta.url) }] });
}
// #endregion

async function escalations(origin = served.origin): Promise<readonly Escalation[]> {
  return (await (await fetch(`${origin}/api/doppelwerk/v1/escalations`)).json()) as Escalation[];
}

beforeAll(async () => {
  site = await openWithEscalation(folder);
  served = await serveAs(site, SYSTEM);
  const view = site.view(SYSTEM);
  const connection = {
    id: "connection:bench",
    kind: "connection",
    name: "bench",
    protocol: "entered",
    url: "entered:bench",
    enabled: true,
  };
  await view.apply({
    branch: LIVE,
    reason: "a line with an alarm rule",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...connection, settings: {} } },
      { op: "create", record: pressure },
      { op: "create", record: rule },
    ],
  });
  await vi.waitUntil(async () => (await plantsOf(site).list()).some(({ id, state }) => id === connection.id && state === "connected"), {
    timeout: 60_000,
  });
});
afterAll(async () => {
  await served?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[ES1] [ES2] [ES3] an alarm that nobody acknowledges escalates once, for those who may read it; acknowledged it leaves the list", async () => {
  const pushed = vi.spyOn(site.hub, "publishTopic");
  const escalated = () => pushed.mock.calls.filter(([topic]) => topic.id === "escalation.raised");
  await plantsOf(site).bring("connection:bench", [{ address: "pressure", value: 60, time: site.now() }]);
  await expect.poll(() => escalations().then((list) => list.map(({ alarm }) => alarm)), { timeout: 20_000 }).toContain(rule.id);
  await expect.poll(() => escalated().length, { timeout: 20_000 }).toBe(1);
  expect(escalated()[0]![1]).toMatchObject({ alarm: rule.id, priority: 2 });
  const viewer: Principal = { id: "vic", name: "Vic", verified: true, roles: ["viewer"] };
  const asViewer = await serveAs(site, viewer);
  expect((await escalations(asViewer.origin)).map(({ alarm }) => alarm)).not.toContain(rule.id);
  await asViewer.close();
  const acknowledged = await fetch(`${served.origin}/api/doppelwerk/v1/alarms/${rule.id}/acknowledge`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(acknowledged.status).toBe(200);
  expect((await escalations()).map(({ alarm }) => alarm)).not.toContain(rule.id);
  expect(escalated()).toHaveLength(1);
});

test("[ES4] switched off in a world it answers 404", async () => {
  await site.features.switchFeature("escalation", false);
  expect((await fetch(`${served.origin}/api/doppelwerk/v1/escalations`)).status).toBe(404);
});

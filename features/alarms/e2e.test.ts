import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlarmRule } from "@doppelwerk/operations";
import { alarmFold, lineModels } from "@doppelwerk/ports";
import { SYSTEM } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, type SignalRecord } from "@doppelwerk/world";
import { afterAll, expect, test, vi } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf, startServer } from "../../e2e/running-site.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import * as alarms from "./calls.ts";
import type { Alarm } from "./contract.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarms-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RULE = "alarmRule:pressure";
const text = (en: string) => ({ en, zh: en });
const pressure: SignalRecord = {
  id: "signal:pressure",
  kind: "signal",
  name: "pressure",
  valueType: "integer",
  shell: shellOf("S10"),
  connection: "connection:bench",
  address: "pressure",
};
const rule: AlarmRule = {
  id: RULE,
  kind: "alarmRule",
  title: text("pressure too high"),
  station: "S10",
  condition: { kind: "high", signal: pressure.id, limit: 50, deadband: 0 },
  priority: 2,
  onDelayS: 0,
  offDelayS: 0,
  cause: text("cause"),
  consequence: text("consequence"),
  response: text("response"),
  timeToRespondS: 600,
  latching: true,
  suppressedIn: [],
  enabled: true,
};

/** A data folder with an alarm that stands. */
async function prepare(data: string): Promise<void> {
  const site = await openProduct(data);
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
  await plantsOf(site).bring(connection.id, [{ address: "pressure", value: 60, time: site.now() }]);
  await expect
    .poll(() =>
      site.features
        .port(alarmFold)
        .at(undefined)
        .then((list) => list.some(({ alarm }) => alarm.rule === RULE)),
    )
    .toBe(true);
  await site.close();
}

test("[AL8] killed while acts are under way, every answered act is there, the one under way whole or not at all", async () => {
  const data = join(folder, "data");
  await prepare(data);
  const answered: string[] = [];
  for (const kill of [1, 2, 3]) {
    const server = await startServer(data);
    const client = clientOf(String(server.ready["url"]), "Ada");
    const state = async () => (await alarms.list(client)).find(({ rule: id }) => id === RULE)?.state ?? "normal";
    // once the past is derived nothing else changes what stands
    await expect.poll(state, { timeout: 60_000 }).not.toBe("normal");
    if (answered.length > 0) expect(await statesSince(client)).toEqual(expect.arrayContaining(answered));
    let inFlight: Promise<unknown> = Promise.resolve();
    for (let n = 0; n < 4 * kill; n++) {
      const reason = `kill ${kill}, act ${n}`;
      const isShelved = (await state()) === "shelved";
      inFlight = isShelved
        ? alarms.unshelve(client, { params: { id: RULE } })
        : alarms.shelve(client, { params: { id: RULE }, body: { reason, untilS: 3_600 } });
      if (n === 4 * kill - 1) break;
      const answer = (await inFlight) as Alarm;
      answered.push(`${answer.changed} ${answer.state}`);
    }
    await Promise.all([inFlight.catch(() => undefined), server.stop("SIGKILL")]);
  }
  const server = await startServer(data);
  const client = clientOf(String(server.ready["url"]), "Ada");
  const known = await statesSince(client);
  expect(known).toEqual(expect.arrayContaining(answered));
  const list = await alarms.list(client);
  expect(list.find(({ rule: id }) => id === RULE)?.state).toBe(known[0]!.split(" ")[1]);
  await server.stop();
}, 240_000);

/** Every transition of the alarm, newest first. */
async function statesSince(client: ReturnType<typeof clientOf>): Promise<string[]> {
  const now = Date.now() * 1_000;
  const steps = await alarms.history(client, { query: { from: now - 60 * MINUTE, to: now + MINUTE } });
  return steps.filter(({ rule: id }) => id === RULE).map(({ changed, state }) => `${changed} ${state}`);
}

test("[AL10] after a restart an edited rule holds from its edit, and what was seen before stands", async () => {
  const data = join(folder, "edited");
  await prepare(data);
  const stepsOf = async (site: Awaited<ReturnType<typeof openProduct>>) =>
    (await site.features.port(alarmFold).transitions(site.now() - 60 * MINUTE, site.now() + MINUTE, undefined)).flatMap(({ alarm }) =>
      alarm.rule === RULE ? [alarm] : [],
    );
  const before = await openProduct(data);
  await expect.poll(() => before.features.port(lineModels).isHistoryRead(), { timeout: 60_000 }).toBe(true);
  const condition = { from: rule.condition, to: { ...rule.condition, limit: 70 } };
  await before.view(SYSTEM).apply({ branch: LIVE, reason: "higher", changes: [{ op: "update", id: RULE, fields: { condition } }] });
  await expect
    .poll(async () => (await stepsOf(before)).map(({ state, reason }) => [state, reason]))
    .toEqual([
      ["normal", "rule edited"],
      ["unacknowledged", undefined],
    ]);
  const steps = await stepsOf(before);
  await before.close();
  // without a checkpoint all is derived again
  rmSync(join(data, "derived"), { recursive: true, force: true });
  const after = await openProduct(data);
  await expect.poll(() => after.features.port(lineModels).isHistoryRead(), { timeout: 60_000 }).toBe(true);
  expect(await stepsOf(after)).toEqual(steps);
  const listed = async (at?: number) =>
    (await after.features.port(alarmFold).at(at)).flatMap(({ alarm }) => (alarm.rule === RULE ? [alarm] : []));
  expect(await listed()).toEqual([]);
  expect(await listed(steps[1]!.changed)).toMatchObject([{ state: "unacknowledged" }]);
  await after.close();
}, 120_000);

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { createLineEngine, zoneOffsetOf } from "@doppelwerk/operations";
import { alarmFold, lineFlow } from "@doppelwerk/ports";
import { SYSTEM } from "@doppelwerk/server/site";
import { importChanges, LIVE, MINUTE, quality, SECOND, type SampleBatch } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { shellOf, smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { fieldsOf } from "./bench.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-former-checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RULE = {
  id: "alarmRule:pressure",
  kind: "alarmRule",
  ...fieldsOf("pressure"),
};
const SIGNAL = { id: "signal:pressure", kind: "signal", name: "pressure", valueType: "double", shell: shellOf("S10"), address: "p" };

function batchOf(time: number, value: number): SampleBatch {
  const times = Float64Array.of(time);
  return {
    origin: "measured",
    count: 1,
    signals: Uint32Array.of(0),
    values: Float64Array.of(value),
    texts: new Map(),
    qualities: Uint8Array.of(quality.good),
    sourceTimes: times,
    serverTimes: times,
  };
}

test("[AL17] what an engine that did states and alarms at once held in its checkpoint is there when the folder opens, and the checkpoint goes", async () => {
  const before = await openProduct(folder);
  const view = before.view(SYSTEM);
  await view.apply({
    branch: LIVE,
    reason: "a line with an alarm rule",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      ...[SIGNAL, RULE].map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  await expect
    .poll(async () => (await before.features.port(alarmFold).rules()).some(({ id }) => id === RULE.id), { timeout: 60_000 })
    .toBe(true);
  const [folded] = await before.features.port(lineFlow).folded();
  const { definition } = folded!;
  const rules = await before.features.port(alarmFold).rules();
  const now = before.now();
  await before.close();
  rmSync(join(folder, "derived", "folds"), { recursive: true });

  // of a sample that the historian has no more
  const engine = createLineEngine(definition, { zoneOffset: zoneOffsetOf(definition.timeZone), rules, extract: true });
  engine.step(batchOf(now - 9 * MINUTE, 60), [SIGNAL.id]);
  engine.advance(now - 8 * MINUTE);
  engine.drain();
  expect(engine.alarms().active).toMatchObject([{ rule: RULE.id, state: "unacknowledged" }]);
  const hash = (of: unknown) => createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16);
  const state = deflateSync(JSON.stringify(engine.snapshot()));
  for (const name of [
    `${hash([definition, rules])}-${String(engine.now()).padStart(17, "0")}.checkpoint`,
    // of other rules
    `${hash([definition, []])}-${String(now - SECOND).padStart(17, "0")}.checkpoint`,
  ])
    writeFileSync(join(folder, "derived", name), state);

  const after = await openProduct(folder);
  const list = () => after.features.port(alarmFold).at();
  await expect
    .poll(async () => (await list()).map(({ alarm }) => alarm), { timeout: 60_000 })
    .toMatchObject([{ rule: RULE.id, since: now - 9 * MINUTE }]);
  expect(readdirSync(join(folder, "derived")).filter((name) => name.endsWith(".checkpoint"))).toEqual([]);
  await after.close();
});

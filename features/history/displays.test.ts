import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentChange, documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as history from "./calls.ts";
import { signalDisplay, type DisplayBands } from "./model/display-kind.ts";
import { displayDocumentId } from "./server/displays.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-displays-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;

beforeAll(async () => {
  site = await openProduct(folder);
  const signal = (name: string, more: object = {}): WorldRecord => ({
    id: `signal:${name}`,
    kind: "signal",
    name,
    valueType: "double",
    ...more,
  });
  const records = [signal("pressure"), signal("recipe", { readers: ["administrator"] })];
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "signals", changes: records.map((record) => ({ op: "create", record })) });
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const PRESSURE = { params: { signal: "signal:pressure" } };
const BANDS: DisplayBands = { low: 5, high: 7, warningHigh: 7.5, decimals: 1 };

test("[HQ9] bands are stored over the engineering file, listed to who may read the signal, and gone when none is left", async () => {
  expect(await history.displays(engineer)).toEqual([]);
  await history.storeDisplay(engineer, { ...PRESSURE, body: { bands: BANDS, expected: {} } });
  expect(await history.displays(operator)).toEqual([{ signal: "signal:pressure", bands: BANDS }]);
  // somebody else edited from what holds no more
  const late = history.storeDisplay(engineer, { ...PRESSURE, body: { bands: {}, expected: {} } });
  await expect(late).rejects.toMatchObject({ code: "DW_CONFLICT" });
  await history.storeDisplay(engineer, { ...PRESSURE, body: { bands: {}, expected: BANDS } });
  expect(await history.displays(engineer)).toEqual([]);
  expect(site.view(SYSTEM).reader(LIVE).get(displayDocumentId("signal:pressure"))).toBeUndefined();
});

test("[HQ9] bands of a signal that one may not read are answered as if there were none, and none are stored", async () => {
  const record = { id: displayDocumentId("signal:recipe"), kind: "signalDisplay", version: 1, signal: "signal:recipe", low: 1 };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "a secret", changes: [{ op: "create", record }] });
  expect(await history.displays(engineer)).toEqual([]);
  for (const signal of ["signal:recipe", "signal:none"])
    await expect(history.storeDisplay(engineer, { params: { signal }, body: { bands: BANDS } })).rejects.toMatchObject({
      code: "DW_NOT_FOUND",
    });
  await expect(history.storeDisplay(operator, { ...PRESSURE, body: { bands: BANDS } })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
});

test.each<[string, DisplayBands]>([
  ["a lower bound above the upper one", { low: 7, high: 5 }],
  ["a warning bound inside the normal range", { low: 5, high: 7, warningHigh: 6 }],
  ["more digits than a number has", { decimals: 7 }],
])("[HQ9] %s is refused and nothing is stored", async (_, bands) => {
  await expect(history.storeDisplay(engineer, { ...PRESSURE, body: { bands } })).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await history.displays(engineer)).toEqual([]);
});

test("[HQ9] what two people change of different bands merges; the document goes out and in again, and old ones are read", async () => {
  await history.storeDisplay(engineer, { ...PRESSURE, body: { bands: { low: 5, high: 7 } } });
  const view = site.view(SYSTEM);
  const { id: branch } = await view.fork({ name: "display", parent: LIVE, instant: site.now(), reason: "test" });
  await history.storeDisplay(engineer, { ...PRESSURE, query: { branch }, body: { bands: { low: 5, high: 7, decimals: 2 } } });
  await history.storeDisplay(engineer, { ...PRESSURE, body: { bands: { low: 4, high: 7 } } });
  const { changes, conflicts } = view.planMerge(branch);
  expect(conflicts).toEqual([]);
  await view.apply({ branch: LIVE, reason: "merge", changes });
  expect((await history.displays(engineer))[0]?.bands).toEqual({ low: 4, high: 7, decimals: 2 });
  const record = view.reader(LIVE).get(displayDocumentId("signal:pressure"))!;
  await view.apply({ branch: LIVE, reason: "out", changes: [{ op: "delete", record }] });
  await view.apply({ branch: LIVE, reason: "in", changes: [{ op: "create", record }] });
  expect((await history.displays(engineer))[0]?.bands).toEqual({ low: 4, high: 7, decimals: 2 });
  const old = JSON.parse(readFileSync(new URL("./fixtures/display-1.json", import.meta.url), "utf8"));
  expect(documentFaults(signalDisplay, old)).toEqual([]);
  expect(documentChange(signalDisplay, old.id, old, readDocument(signalDisplay, old)!)).toBeUndefined();
});

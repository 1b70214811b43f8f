import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { documentFaults, readDocument } from "@doppelwerk/kit";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { HOUR, importChanges, LIVE, MINUTE, type SignalRecord } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { CONNECTION, plantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { clientAs, openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as energy from "./calls.ts";
import { energyMeter } from "./model/meter-kind.ts";

const WAIT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-energy-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let operator: Client;
/** Two whole hours of the past. */
let span: { readonly from: number; readonly to: number };

const counter = { type: "totaliser", width: 32 } as const;
const meter = (name: string, more: Partial<SignalRecord>) => ({
  id: `signal:${name}`,
  kind: "signal" as const,
  name,
  valueType: "double" as const,
  connection: CONNECTION.id,
  address: name,
  ...more,
});

beforeAll(async () => {
  site = await openProduct(folder);
  engineer = await clientAs(site, "eva", "engineer", closes);
  operator = await clientAs(site, "otto", "operator", closes);
  const view = site.view(SYSTEM);
  const shells = importChanges(view.reader(LIVE), plantOfHours(), "file").changes;
  const shell = "S90";
  const aasId = shells
    .map((change) => (change as { readonly record?: { readonly kind: string; readonly idShort?: string; readonly aasId?: string } }).record)
    .find((record) => record?.kind === "shell" && record.idShort === shell)!.aasId!;
  const signals = [
    meter("Station", { unit: "kW.h", counter, shell: aasId }),
    meter("Line", {}),
    meter("Slow", {}),
    meter("Other", { unit: "Cel", shell: aasId }),
  ];
  await view.apply({
    branch: LIVE,
    reason: "meters",
    changes: [
      ...shells,
      { op: "create", record: { ...CONNECTION, settings: {} } },
      ...signals.map((record) => ({ op: "create" as const, record })),
    ],
  });
  const isConnected = async () => (await plantsOf(site).list()).some(({ id, state }) => id === CONNECTION.id && state === "connected");
  await vi.waitUntil(isConnected, WAIT);
  const to = Math.floor(site.now() / HOUR) * HOUR;
  span = { from: to - 2 * HOUR, to };
  // 12 kWh an hour by the station, read each minute; 0.02 MWh an hour by the line, read each quarter hour; 0.0124 MWh an hour by another, whose last is missing
  const rows = Array.from({ length: 121 }, (_, n) => [
    { address: "Station", value: 500 + n * 0.2, time: span.from + n * MINUTE },
    ...(n % 15 === 0 ? [{ address: "Line", value: 7 + (n / 60) * 0.02, time: span.from + n * MINUTE }] : []),
    ...(n % 15 === 0 && n < 120 ? [{ address: "Slow", value: 7 + (n / 60) * 0.0124, time: span.from + n * MINUTE }] : []),
  ]).flat();
  await plantsOf(site).bring(CONNECTION.id, rows);
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (within = span, by = engineer) => energy.ofPeriod(by, { query: within });

test("[EG1] [EG2] the meter of a station is found by its unit and shell, that of the line is assigned with its unit; the rest is unallocated", async () => {
  const before = await ask();
  expect(before).toMatchObject({ allocatedKWh: expect.closeTo(24, 6), isOver: false, stations: [{ station: "S90" }] });
  expect(before.meteredKWh).toBeUndefined();
  expect(before.unallocatedKWh).toBeUndefined();
  const { line } = before;
  const { lines } = (await engineer.requester.json("GET", "/lines")) as never as {
    readonly lines: readonly { id: string; shell: string }[];
  };
  const { shell } = lines.find(({ id }) => id === line)!;
  const store = (by: Client, unit?: "MWh", signal = "signal:Line") =>
    energy.storeMeter(by, { params: { signal }, body: { fields: { shell, ...(unit && { unit }) } } });
  await expect(store(operator, "MWh")).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  await expect(store(engineer)).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(store(engineer, "MWh", "signal:none")).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await store(engineer, "MWh");
  const answer = await ask();
  expect(answer.meteredKWh).toBeCloseTo(40, 6);
  expect(answer.unallocatedKWh).toBeCloseTo(16, 6);
  expect(answer.allocatedKWh + answer.unallocatedKWh!).toBeCloseTo(answer.meteredKWh!, 9);
  // half an hour that begins between two quarter hours
  const part = await ask({ from: span.from + 20 * MINUTE, to: span.from + 50 * MINUTE });
  expect([part.meteredKWh, part.allocatedKWh]).toEqual([expect.closeTo(10, 6), expect.closeTo(6, 6)]);
  await energy.removeMeter(engineer, { params: { signal: "signal:Line" } });
  expect((await ask()).meteredKWh).toBeUndefined();
  // a meter whose last quarter hour is not read yet is compared with the station over the time that both were read in, and the answer names it
  await store(engineer, "MWh", "signal:Slow");
  const shared = await ask();
  expect(shared).toMatchObject({ from: span.from, to: span.to - 15 * MINUTE, isOver: false });
  expect([shared.meteredKWh, shared.allocatedKWh]).toEqual([expect.closeTo(21.7, 6), expect.closeTo(21, 6)]);
  await energy.removeMeter(engineer, { params: { signal: "signal:Slow" } });
  expect(await energy.meters(engineer, { query: {} })).toEqual([]);
});

test("[EG3] [EG4] before the first reading nothing is known, and a station without its meter is unknown", async () => {
  const early = await ask({ from: span.from - 5 * HOUR, to: span.from - 3 * HOUR });
  expect(early.stations).toEqual([expect.not.objectContaining({ kWh: expect.anything() })]);
  await expect(ask({ from: 5, to: 1 })).rejects.toMatchObject({ code: "DW_INVALID" });
});

test("[EG2] a document of every version is read", () => {
  const record = JSON.parse(readFileSync(new URL("./fixtures/energy.meter-v1.json", import.meta.url), "utf8"));
  expect(documentFaults(energyMeter, record)).toEqual([]);
  expect(readDocument(energyMeter, record)).toMatchObject({ signal: "signal:EM-LINE3", unit: "kWh" });
});

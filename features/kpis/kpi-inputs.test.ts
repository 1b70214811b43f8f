import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import { feature, verbatim } from "@doppelwerk/kit";
import { kpiInputs, type KpiInputQuestion, type KpiInputSource } from "@doppelwerk/ports";
import type { HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { productFeatures } from "../../apps/doppelwerk/src/features.ts";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as shifts from "../shifts/calls.ts";
import * as kpis from "./calls.ts";
import { bringHours } from "./hourly-plant.fixture.ts";

const WAIT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-kpi-inputs-"));
const closes: (() => Promise<unknown>)[] = [];
let site: HostedWorld;
let engineer: Client;
let span: { readonly from: number; readonly to: number };
const asked: KpiInputQuestion[] = [];

/** A feature that gives what the test wants. */
function giving(id: string, source: Omit<KpiInputSource, "feature">) {
  return {
    feature: feature({
      id,
      perWorld: true,
      needs: { ports: [], may: [], slots: [kpiInputs] },
      offers: { ports: [], slots: [] },
      contract: [],
      topics: [],
      kinds: [],
      folds: [],
      jobs: [],
      server: "./none.ts",
      words: "./words",
    }),
    folder: new URL("./", import.meta.url),
    open: async () => ({
      handlers: {},
      ports: {},
      contributed: [{ key: kpiInputs.key, value: { feature: id, ...source } }],
      close: async () => {},
    }),
  };
}

const given = [
  giving("throws", { symbols: ["CM"], values: () => Promise.reject(new Error("no")) }),
  giving("gives", {
    symbols: ["AOET", "APWT", "PQ", "E"],
    values: async (question) => {
      asked.push(question);
      return [
        { symbol: "AOET", value: 3_000, of: verbatim("2 orders") },
        { symbol: "APWT", unknown: verbatim("no roster") },
        { symbol: "PQ", value: 1 },
        { symbol: "E", value: Number.NaN },
      ];
    },
  }),
  giving("gives-second", {
    symbols: ["AOET", "APAT"],
    values: async () => [
      { symbol: "AOET", value: 1 },
      { symbol: "APAT", value: 7_200 },
      { symbol: "GQ", value: 9 },
    ],
  }),
];

beforeAll(async () => {
  site = await openProduct(folder, { features: [...productFeatures, ...given] });
  engineer = await clientAs(site, "eva", "engineer", closes);
  const over = await bringHours(site);
  const whole = async () => (await shifts.list(engineer).catch(() => [])).filter(({ to, produced }) => to < over && produced === 60);
  await vi.waitUntil(async () => (await whole()).length >= 2, WAIT);
  const [first] = await whole();
  span = { from: first!.from, to: first!.to };
});
afterAll(async () => {
  for (const close of closes) await close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[KP23] elements of features: the first known value of each with what it is of, what is recorded before it, and reasons where none knows it [level: faults]", async () => {
  const answer = await kpis.indicators(engineer, { query: { ...span, station: "S90" } });
  const of = (id: string) => answer.indicators.find((each) => each.id === id)!;
  // 60 in 3,000 s; PQ is what was counted
  expect(of("throughputRate")).toMatchObject({
    value: 60 / 3_000,
    inputs: [
      { name: "PQ", value: 60 },
      { name: "AOET", value: 3_000, of: { params: { text: "2 orders" } } },
    ],
  });
  expect(of("workerEfficiency").unknown).toEqual([
    { kind: "missing", name: "APWT", why: [expect.objectContaining({ params: { text: "no roster" } })] },
  ]);
  expect(of("workerEfficiency").inputs[1]).toEqual({ name: "APAT", value: 7_200 });
  expect(of("comprehensiveEnergyConsumption").unknown).toMatchObject([{ kind: "missing", name: "E" }]);
  expect(of("finishedGoodsRatio").unknown).toMatchObject([
    { kind: "missing", name: "CM", why: [{ code: "kpis.inputs.failed", params: { feature: "throws" } }] },
  ]);
  expect(asked[0]).toMatchObject({ ...span, station: "S90", branch: "live", principal: { id: "person:eva" } });
});

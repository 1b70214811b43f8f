import { feature } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { signalOfOutput } from "@doppelwerk/kit/pack";
import { kpiSources, type KpiSource, type KpiValue } from "@doppelwerk/ports";
import { LIVE, SECOND, type Change, type Principal } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../../compose/index.ts";
import type { ListedFeature } from "../../features/resolve.ts";
import { LEVEL, LEVEL_FOLD, OUTFLOW, TANK, packWithFold } from "../folds/packs-of-folds.fixture.ts";
import { smallPack } from "../packs.fixture.ts";
import { operation, servePacks, type ServedPacks } from "../served-packs.fixture.ts";

let served: ServedPacks | undefined;
let sources: { all(): readonly KpiSource[] } | undefined;
let plant: FeatureContext | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** What shows KPIs, as a feature of the product does. */
const shows: ListedFeature = {
  feature: feature({
    id: "shows",
    perWorld: true,
    needs: { ports: [], may: [] },
    offers: { ports: [], slots: [kpiSources] },
    contract: [],
    topics: [],
    kinds: [],
    folds: [],
    jobs: [],
    server: "./none.ts",
    words: "./words",
  }),
  folder: new URL("./", import.meta.url),
  open: async (ctx) => {
    plant = ctx;
    sources = ctx.contributions(kpiSources);
    return { handlers: {}, ports: {}, close: async () => {} };
  },
};

const title = { en: "Beer", zh: "啤酒" };
const kpis = [
  { id: "brewery.drawn", title, unit: "L", of: { fold: LEVEL, output: OUTFLOW, make: "last" } },
  { id: "brewery.draws", title, of: { fold: LEVEL, output: OUTFLOW, make: "count" } },
  { id: "brewery.yield", title, unit: "%", of: { operation: "brewery.figures", field: "yield", count: "batches", factor: 100 } },
  { id: "brewery.unknown", title, of: { operation: "brewery.figures", field: "other", count: "batches" } },
];
const answer = { type: "object", properties: { yield: { type: "number" }, other: { type: "number" }, batches: { type: "number" } } };
const query = { type: "object", properties: { from: { type: "number" }, to: { type: "number" } }, required: ["from", "to"] };

function packWithKpis(handler: string): Map<string, Uint8Array> {
  const files = packWithFold();
  const { doppelwerk } = JSON.parse(Buffer.from(files.get("package.json")!).toString()) as {
    readonly doppelwerk: { readonly permissions: readonly string[]; readonly contributes: { readonly features: readonly object[] } };
  };
  const [declared] = doppelwerk.contributes.features;
  const block = {
    permissions: doppelwerk.permissions,
    contributes: { features: [{ ...declared, kpis, endpoints: [operation("figures", { query, answer })] }] },
  };
  const open = `export const open = async () => ({ handlers: { "brewery.figures": async ({ query }) => { ${handler} } } });`;
  return smallPack({ "folds/level.js": LEVEL_FOLD, "server/open.js": open }, block);
}

const WAIT = { timeout: 120_000, interval: 100 };
const signal = (id: string): Change => ({ op: "create", record: { id, kind: "signal", name: id, valueType: "double" } as never });
const tank = (id: string, fields: object): Change => ({ op: "create", record: { id, kind: TANK, name: id, ...fields } as never });
const valuesOf = async (from: number, to: number, principal: Principal = SYSTEM): Promise<Readonly<Record<string, KpiValue>>> => {
  const [source] = sources!.all();
  return Object.fromEntries((await source!.values({ principal, from, to })).map((value) => [value.id, value]));
};

test("[PK100] KPIs that a pack declares are of its fold and of its operation, with how many things each is of; what is not known has no value", async () => {
  served = await servePacks([packWithKpis("return query.to > 1e15 ? { yield: 0.9, batches: 4 } : { batches: 0 };")], [], undefined, {
    product: [shows],
  });
  const [source] = sources!.all();
  expect(source).toMatchObject({ feature: "brewery", pack: "@brewco/doppelwerk-brewery" });
  expect(source!.kpis[0]).toEqual({ id: "brewery.drawn", title, unit: "L", better: "more", digits: 1 });
  // without a document there is no fold: nothing was counted, and that is not 0
  expect(await valuesOf(0, 10)).toEqual({
    "brewery.drawn": { id: "brewery.drawn", n: 0 },
    "brewery.draws": { id: "brewery.draws", n: 0 },
    "brewery.yield": { id: "brewery.yield", n: 0 },
    "brewery.unknown": { id: "brewery.unknown", n: 0 },
  });
  await served.site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "test",
    changes: [signal("signal:level"), tank(`${TANK}:1`, { level: "signal:level", litres: 10 })],
  });
  await expect.poll(() => plant!.table.indexOf("signal:level"), WAIT).toBeDefined();
  const begin = plant!.now() - 3 * 3_600 * SECOND;
  const times = Float64Array.from([begin, begin + 10 * SECOND, begin + 20 * SECOND]);
  await plant!.intake.offerDurably({
    origin: "measured",
    count: 3,
    signals: new Uint32Array(3).fill(plant!.table.indexOf("signal:level")!),
    values: Float64Array.from([9, 8, 6]),
    texts: new Map(),
    qualities: new Uint8Array(3),
    sourceTimes: times,
    serverTimes: times,
  });
  await expect.poll(async () => (await valuesOf(begin, plant!.now()))["brewery.draws"]?.value, WAIT).toBe(2);
  const now = await valuesOf(begin, plant!.now());
  expect(now["brewery.drawn"]).toEqual({ id: "brewery.drawn", value: 30, n: 2 });
  expect(now["brewery.yield"]).toEqual({ id: "brewery.yield", value: 90, n: 4 });
  expect(now["brewery.unknown"]).toEqual({ id: "brewery.unknown", n: 4 });
  // only what lies in the period, and a period in which nothing was concluded
  expect((await valuesOf(begin + 15 * SECOND, plant!.now()))["brewery.draws"]).toEqual({ id: "brewery.draws", value: 1, n: 1 });
  expect((await valuesOf(begin - 10, begin))["brewery.drawn"]).toEqual({ id: "brewery.drawn", n: 0 });
  expect(
    served.site
      .view(SYSTEM)
      .reader(LIVE)
      .get(signalOfOutput(LEVEL, `${TANK}:1`, OUTFLOW)),
  ).toBeDefined();
});

test("[PK100] a pack that throws, or does not answer, has a reason in place of its values; those of its folds are there", async () => {
  served = await servePacks(
    [packWithKpis("if (query.from === 1) throw new Error('out of malt'); await new Promise(() => {});")],
    [],
    undefined,
    {
      product: [shows],
    },
  );
  for (const from of [1, 2]) {
    const values = await valuesOf(from, 10);
    expect(values["brewery.yield"]?.value).toBeUndefined();
    expect(values["brewery.yield"]?.fault?.code, String(from)).toBeDefined();
    expect(values["brewery.draws"]).toEqual({ id: "brewery.draws", n: 0 });
  }
  expect((await valuesOf(2, 10))["brewery.yield"]?.fault).toMatchObject({ code: "packs.kpiLate" });
});

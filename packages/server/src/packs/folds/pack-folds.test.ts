import { signalOfOutput } from "@doppelwerk/kit/pack";
import { heldSamples, LIVE, SECOND, type Change, type Instant, type Principal, type RecordId, type SampleBatch } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../../compose/index.ts";
import { probe } from "../probe.fixture.ts";
import { servePacks, type ServedPacks } from "../served-packs.fixture.ts";
import { LEVEL, LEVEL_FOLD, OUTFLOW, packWithFold, TANK } from "./packs-of-folds.fixture.ts";

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A feature of the product by which a test sends samples. */
const { listed: PROBE, plant } = probe();

const WAIT = { timeout: 120_000, interval: 100 };
const TANK_1 = `${TANK}:1`;
const DRAWN = signalOfOutput(LEVEL, TANK_1, OUTFLOW);
const signal = (id: string, more: object = {}): Change => ({
  op: "create",
  record: { id, kind: "signal", name: id, valueType: "double", ...more } as never,
});
const tank = (id: string, fields: object): Change => ({ op: "create", record: { id, kind: TANK, name: id, ...fields } as never });

async function apply(...changes: Change[]): Promise<void> {
  await served!.site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes });
}

async function send(id: RecordId, rows: readonly (readonly [Instant, number])[]): Promise<void> {
  await expect.poll(() => plant().table.indexOf(id), WAIT).toBeDefined();
  const times = Float64Array.from(rows, ([at]) => at);
  const batch: SampleBatch = {
    origin: "measured",
    count: rows.length,
    signals: new Uint32Array(rows.length).fill(plant().table.indexOf(id)!),
    values: Float64Array.from(rows, ([, value]) => value),
    texts: new Map(),
    qualities: new Uint8Array(rows.length),
    sourceTimes: times,
    serverTimes: times,
  };
  await plant().intake.offerDurably(batch);
}

const drawn = async (from: Instant, id = DRAWN) =>
  heldSamples(await served!.site.history.raw({ branch: LIVE, signal: id }, from, Number.MAX_SAFE_INTEGER)).map(({ value, time }) => [
    value,
    (time - from) / SECOND,
  ]);

const sameSecond = (instant: Instant): Instant => instant - (instant % SECOND);

test.each(["added", "folder"] as const)(
  "[PK52] a pack that is %s concludes live, of late data, on a branch and of simulated values, and goes on after a restart",
  async (from) => {
    const packs = (): Parameters<typeof servePacks> =>
      from === "added" ? [[packWithFold()], [], undefined, { product: [PROBE] }] : [[], [packWithFold()], undefined, { product: [PROBE] }];
    served = await servePacks(...packs());
    // two tanks of one level: they are of one fold in a worker, too
    await apply(signal("signal:level"), tank(TANK_1, { level: "signal:level", litres: 10 }), tank(`${TANK}:2`, { level: "signal:level" }));
    const begin = sameSecond(plant().now()) - 3 * 3_600 * SECOND;
    // three hours ago: derived in a worker; now: folded live
    await send("signal:level", [
      [begin, 9],
      [begin + 10 * SECOND, 8],
    ]);
    await expect.poll(() => drawn(begin), WAIT).toEqual([[10, 10]]);
    const now = sameSecond(plant().now());
    await send("signal:level", [[now, 7]]);
    await expect
      .poll(() => drawn(begin), WAIT)
      .toEqual([
        [10, 10],
        [20, (now - begin) / SECOND],
      ]);
    // late: what followed of it is another conclusion, by revision
    await send("signal:level", [[begin + 5 * SECOND, 5]]);
    await expect
      .poll(() => drawn(begin), WAIT)
      .toEqual([
        [40, 5],
        [40, 10],
        [50, (now - begin) / SECOND],
      ]);
    // who reads samples as they were stored sees the correction alone, also page by page
    const readAs = plant().view(SYSTEM).history;
    const key = { branch: LIVE, signal: DRAWN };
    const all = await readAs.raw(key, begin, now + SECOND);
    expect([...all.values]).toEqual([40, 40, 50]);
    expect(all.texts.size).toBe(0);
    expect([...(await readAs.raw(key, begin, now + SECOND, 2)).values]).toEqual([40, 40]);
    const ask = (body: object) =>
      served!.call("POST", "/packs/brewery/drawn", { body: { fold: LEVEL, from: begin, to: now + SECOND, ...body } });
    const of = (body: { readonly subject: string; readonly type: string; readonly value: unknown; readonly origin: string }[]) =>
      body.filter(({ subject, type }) => subject === TANK_1 && type === OUTFLOW).map(({ value, origin }) => [value, origin]);
    expect(of((await ask({})).body)).toEqual([
      [40, "derived"],
      [50, "derived"],
    ]);
    const branch = (await served.site.view(SYSTEM).fork({ name: "larger tank", parent: LIVE, instant: now + SECOND, reason: "test" })).id;
    await served.site.view(SYSTEM).apply({
      branch,
      reason: "test",
      changes: [{ op: "update", id: TANK_1, fields: { litres: { from: 10, to: 1_000 } } }],
    });
    expect(of((await ask({ branch })).body)).toEqual([
      [4_000, "derived"],
      [5_000, "derived"],
    ]);
    const simulated = [6, 6, 4].map((value, at) => ({ input: "level", at: now + (at + 5) * SECOND, value }));
    expect(of((await ask({ branch, subject: TANK_1, simulated })).body)).toEqual([
      [4_000, "derived"],
      [5_000, "derived"],
      [6_000, "simulated"],
      [8_000, "simulated"],
    ]);
    expect(await drawn(begin)).toHaveLength(3);
    if (from === "folder") return;
    const { data } = served;
    await served.site.close();
    served = await servePacks([], [], data, { product: [PROBE] });
    const later = sameSecond(plant().now());
    await send("signal:level", [[later, 6]]);
    await expect.poll(async () => (await drawn(begin)).map(([value]) => value), WAIT).toEqual([40, 40, 50, 60]);
  },
  300_000,
);

test("[PK53] a fold that fails in a world is named, its feature is degraded, and values, other documents and operations go on", async () => {
  const code = LEVEL_FOLD.replace("take({", "take({ ...sample }) { if (sample.value === 13) for (;;); this.taken(sample); },\n taken({");
  served = await servePacks([packWithFold(code)], [], undefined, { product: [PROBE] });
  await apply(
    signal("signal:level"),
    signal("signal:other"),
    tank(TANK_1, { level: "signal:level", litres: 1 }),
    tank(`${TANK}:2`, { level: "signal:other", litres: 1 }),
  );
  const begin = sameSecond(plant().now()) - 600 * SECOND;
  await send("signal:level", [
    [begin, 13],
    [begin + SECOND, 4],
  ]);
  await send("signal:other", [
    [begin, 9],
    [begin + SECOND, 4],
  ]);
  await expect.poll(() => drawn(begin, signalOfOutput(LEVEL, `${TANK}:2`, OUTFLOW)), WAIT).toEqual([[5, 1]]);
  await expect.poll(() => served!.stateOf("brewery"), WAIT).toBe("degraded");
  const { features } = (await served.call("GET", "/features")).body;
  expect(features.find(({ id }: { readonly id: string }) => id === "brewery").state.reason).toMatch(
    /doppelwerk-brewery.*brewery\.level.*brewery\.tank:1.*does not come to an end/,
  );
  expect(await drawn(begin)).toEqual([]);
  expect((await served.call("POST", "/packs/brewery/drawn", { body: { fold: LEVEL, from: begin, to: begin + SECOND } })).status).toBe(503);
}, 300_000);

test("[PK54] what a fold concludes is read by who may read all that it came of, and a pack concludes nothing of what it may not read", async () => {
  served = await servePacks([packWithFold()], [], undefined, { product: [PROBE] });
  await apply(
    signal("signal:level"),
    signal("signal:recipe", { readers: ["administrator"] }),
    tank(TANK_1, { level: "signal:level", litres: 1 }),
    tank(`${TANK}:2`, { level: "signal:recipe", litres: 1 }),
  );
  const begin = sameSecond(plant().now()) - 600 * SECOND;
  for (const id of ["signal:recipe", "signal:level"])
    await send(id, [
      [begin, 9],
      [begin + SECOND, 4],
    ]);
  await expect.poll(() => drawn(begin), WAIT).toEqual([[5, 1]]);
  expect(await drawn(begin, signalOfOutput(LEVEL, `${TANK}:2`, OUTFLOW))).toEqual([]);
  const viewer: Principal = { id: "person:vera", name: "vera", verified: true, roles: ["viewer"] };
  expect(served.site.plantView(viewer).mayReadSignal(DRAWN)).toBe(true);
  await served.site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "test",
    changes: [{ op: "update", id: "signal:level", fields: { readers: { from: undefined, to: ["administrator"] } } }],
  });
  await expect.poll(() => served!.site.plantView(viewer).mayReadSignal(DRAWN), WAIT).toBe(false);
}, 300_000);

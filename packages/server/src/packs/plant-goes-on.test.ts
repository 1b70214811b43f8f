import { LIVE, SECOND, type RecordId } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../compose/index.ts";
import type { PackLimits } from "./pack-process.ts";
import { smallPack } from "./packs.fixture.ts";
import { probe } from "./probe.fixture.ts";
import { block, operation, servePacks, type ServedPacks } from "./served-packs.fixture.ts";

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const PRESSURE: RecordId = "signal:pressure";

test.each<[string, Partial<PackLimits> | undefined, string]>([
  ["hangs", { callMs: 240_000 }, `for (;;);`],
  ["floods the server", undefined, `for (;;) await Promise.all(Array.from({ length: 500 }, () => ctx.store.get("x")));`],
  [
    "leaks",
    undefined,
    `globalThis.held = []; for (;;) { globalThis.held.push(new Uint8Array(10_000_000).fill(1)); await new Promise((resolve) => setTimeout(resolve, 5)); }`,
  ],
])("[PK9] while a pack %s, values of the plant come in and are read, none is missing and none is twice", async (_, limits, code) => {
  const { listed, plant } = probe();
  const bad = smallPack(
    { "server/open.js": `export const open = async (ctx) => ({ handlers: { "brewery.try": async () => { ${code} } } });` },
    block([operation("try")]),
  );
  served = await servePacks([bad], [], undefined, { product: [listed], ...(limits && { limits }) });
  const { site, call } = served;
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "test",
    changes: [{ op: "create", record: { id: PRESSURE, kind: "signal", name: "pressure", valueType: "double" } as never }],
  });
  await expect.poll(() => plant().table.indexOf(PRESSURE)).toBeDefined();
  const begin = site.now();
  let answered: { readonly status: number } | undefined;
  const asked = call("GET", "/packs/brewery/try").then((answer) => (answered = answer));
  const sent: number[] = [];
  while (answered === undefined) {
    const time = begin + sent.length;
    await plant().intake.offerDurably({
      origin: "measured",
      count: 1,
      signals: Uint32Array.of(plant().table.indexOf(PRESSURE)!),
      values: Float64Array.of(sent.length),
      texts: new Map(),
      qualities: new Uint8Array(1),
      sourceTimes: Float64Array.of(time),
      serverTimes: Float64Array.of(time),
    });
    sent.push(sent.length);
    expect(site.plantView(SYSTEM).live(PRESSURE)?.value).toBe(sent.at(-1));
    expect((await call("GET", "/features")).status).toBe(200);
  }
  await asked;
  expect(answered.status).toBe(503);
  // several came while the pack had its way
  expect(sent.length).toBeGreaterThan(1);
  const { values } = await site.history.raw({ branch: LIVE, signal: PRESSURE }, begin, begin + 60 * SECOND, sent.length + 1);
  expect([...values]).toEqual(sent);
});

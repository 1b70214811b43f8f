import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endpoint, feature, port, slot, z, type FeatureOptions } from "@doppelwerk/kit";
import { afterAll, expect, test } from "vitest";
import { openFeatureFile } from "./feature-file.ts";
import { FeatureHost } from "./feature-host.ts";
import { resolveFeatures, type ListedFeature } from "./resolve.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-features-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const calendar = port<{ shift(): Promise<string> }>("shifts.calendar", 1);
const base = {
  perWorld: true,
  offers: { ports: [], slots: [] },
  contract: [],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  words: "./words",
};

let folders = 0;
/** A feature whose server part is this JavaScript. */
async function listed(options: Partial<FeatureOptions> & { readonly id: string }, source: string): Promise<ListedFeature> {
  const folder = join(root, `${options.id}-${folders++}`);
  await mkdir(folder, { recursive: true });
  writeFileSync(join(folder, "open.mjs"), source);
  const manifest = feature({ ...base, needs: { ports: [], may: [] }, server: "./open.mjs", ...options });
  return { feature: manifest, folder: pathToFileURL(`${folder}/`) };
}

const ask = endpoint({ id: "kpis.shift", route: "GET /shift-name", summary: "The shift", action: "read", answer: z.string() });
const shifts = () =>
  listed(
    { id: "shifts", offers: { ports: [calendar], slots: [] } },
    `export const open = async () => ({ handlers: {}, ports: { "shifts.calendar@1": { shift: async () => "early" } }, close: async () => {} });`,
  );
const kpis = () =>
  listed(
    { id: "kpis", needs: { ports: [calendar], may: [] }, contract: [ask] },
    `export const open = async (ctx) => ({ handlers: { "kpis.shift": async () => ctx.use({ key: "shifts.calendar@1" }).shift() }, ports: {}, close: async () => {} });`,
  );

function hostOf(features: readonly ListedFeature[], file: string, faults: string[] = []): FeatureHost {
  return new FeatureHost({
    listed: features,
    kernel: new Map(),
    store: openFeatureFile(join(root, file)),
    contextOf: (_feature, runtime) =>
      ({
        use: ({ key }: { key: string }) => runtime.port(key),
        contributions: ({ key }: { key: string }) => ({
          all: () => runtime.contributions(key),
          follow: (listener: () => void) => runtime.followContributions(key, listener),
        }),
        degraded: runtime.degraded,
        signal: runtime.signal,
      }) as never,
    now: () => 0,
    onFault: (id, error) => faults.push(`${id}: ${String(error)}`),
  });
}

const stateOf = (host: FeatureHost, id: string) => host.states().find((one) => one.id === id)!.state;
const call = (host: FeatureHost) => (host.handler("kpis", ask) as unknown as () => Promise<string>)();

test("[FH1] a feature opens after what it needs and uses its port", async () => {
  const host = hostOf([await kpis(), await shifts()], "order.json");
  await host.open();
  expect(host.states().map(({ id, state }) => [id, state.state])).toEqual([
    ["shifts", "open"],
    ["kpis", "open"],
  ]);
  expect(await call(host)).toBe("early");
  await host.close();
});

test("[FH2] clashes, missing providers and cycles are all reported at once, before anything opens", async () => {
  const a = port<object>("a.thing", 1);
  const b = port<object>("b.thing", 1);
  const faulty = [
    await listed({ id: "one", contract: [ask] }, ""),
    await listed({ id: "two", contract: [{ ...ask, route: "GET /other" }] }, ""),
    await listed({ id: "lonely", needs: { ports: [calendar], may: [] } }, ""),
    await listed({ id: "a", needs: { ports: [b], may: [] }, offers: { ports: [a], slots: [] } }, ""),
    await listed({ id: "b", needs: { ports: [a], may: [] }, offers: { ports: [b], slots: [] } }, ""),
  ];
  expect(() => resolveFeatures(faulty, new Set())).toThrow(
    /endpoint kpis\.shift is declared twice.*lonely needs the port shifts\.calendar@1.*a cycle of needs: a → b → a/,
  );
});

test("[FH7] a feature opens after what it can do without, unless that needs it", async () => {
  const a = port<object>("a.thing", 1);
  const b = port<object>("b.thing", 1);
  const order = resolveFeatures(
    [
      await listed({ id: "viewer", needs: { ports: [], may: [a, b] } }, ""),
      await listed({ id: "b", needs: { ports: [a], may: [] }, offers: { ports: [b], slots: [] } }, ""),
      await listed({ id: "a", needs: { ports: [], may: [b] }, offers: { ports: [a], slots: [] } }, ""),
    ],
    new Set(),
  );
  expect(order.map(({ feature: { id } }) => id)).toEqual(["a", "b", "viewer"]);
});

test("[FH9] what is contributed to a slot is there when its host opens, and only while the contributor is open", async () => {
  const words = slot<string>("kpis.words", 1);
  const host = await listed(
    { id: "kpis", offers: { ports: [], slots: [words] }, contract: [ask] },
    `export const open = async (ctx) => {
      const given = ctx.contributions({ key: "kpis.words@1" });
      const seen = [given.all().join()];
      given.follow(() => seen.push(given.all().join()));
      return { handlers: { "kpis.shift": async () => seen.join(" ") }, ports: {}, close: async () => {} };
    };`,
  );
  const contributor = async (id: string) => {
    const one = await listed(
      { id, needs: { ports: [], may: [], slots: [words] }, contributes: [{ slot: words, module: "./word.mjs" }] },
      `export const open = async () => ({ handlers: {}, ports: {}, close: async () => {} });`,
    );
    writeFileSync(new URL("word.mjs", one.folder), `export default "${id}";`);
    return one;
  };
  const features = hostOf([host, await contributor("one"), await contributor("two")], "contributions.json");
  await features.open();
  expect(await call(features)).toBe("one,two");
  await features.switchFeature("one", false);
  expect(await call(features)).toBe("one,two two");
  await features.switchFeature("one", true);
  expect(await call(features)).toBe("one,two two one,two");
  await features.close();
});

test("[FH3] a feature that throws while it opens is named and blocks only what needs it; it is tried again", async () => {
  const faults: string[] = [];
  const broken = await listed(
    { id: "shifts", offers: { ports: [calendar], slots: [] } },
    `let tries = 0; export const open = async () => { if (tries++ === 0) throw new Error("no calendar"); return { handlers: {}, ports: { "shifts.calendar@1": { shift: async () => "late" } }, close: async () => {} }; };`,
  );
  const other = await listed({ id: "other" }, `export const open = async () => ({ handlers: {}, ports: {}, close: async () => {} });`);
  const host = hostOf([broken, await kpis(), other], "broken.json", faults);
  await host.open();
  expect(stateOf(host, "shifts")).toMatchObject({ state: "failed", reason: "no calendar" });
  expect(stateOf(host, "kpis")).toEqual({ state: "blocked", needs: ["shifts"] });
  expect(stateOf(host, "other").state).toBe("open");
  expect(faults).toEqual(["shifts: Error: no calendar"]);
  expect(() => host.handler("kpis", ask)).toThrow(/kpis is not open now: it needs shifts/);
  await expect.poll(() => stateOf(host, "kpis").state).toBe("open");
  expect(await call(host)).toBe("late");
  await host.close();
});

test("[FH4] switched off, a feature takes what needs it with it, answers why, stays off over a restart, and comes back", async () => {
  const features = [await shifts(), await kpis()];
  const host = hostOf(features, "off.json");
  await host.open();
  expect(await host.switchFeature("shifts", false)).toEqual(["shifts", "kpis"]);
  expect(() => host.handler("kpis", ask)).toThrow(/the feature kpis is off in this world/);
  await host.close();
  const again = hostOf(features, "off.json");
  await again.open();
  expect(again.states().map(({ state }) => state.state)).toEqual(["off", "off"]);
  await again.switchFeature("shifts", true);
  await again.switchFeature("kpis", true);
  expect(await call(again)).toBe("early");
  await again.close();
});

test("[FH6] what was asked of a port is asked again when its feature opens again; what fails then is a fault of the feature", async () => {
  const faults: string[] = [];
  const host = hostOf([await shifts()], "used.json", faults);
  const used: string[] = [];
  await expect(host.useWhenOpen(calendar, async () => {})).rejects.toThrow(/shifts.calendar@1/);
  await host.open();
  await host.useWhenOpen(calendar, async (provided) => void used.push(await provided.shift()));
  await host.useWhenOpen(calendar, async () => {
    if (used.length > 1) throw new Error("no port is free");
  });
  expect(used).toEqual(["early"]);
  await host.switchFeature("shifts", false);
  await host.switchFeature("shifts", true);
  expect([used, faults]).toEqual([["early", "early"], ["shifts: Error: no port is free"]]);
  await host.close();
});

test("[FH5] a feature that is not for single worlds cannot be switched off; an unknown one is not found", async () => {
  const host = hostOf(
    [
      await listed(
        { id: "core", perWorld: false },
        `export const open = async () => ({ handlers: {}, ports: {}, close: async () => {} });`,
      ),
    ],
    "core.json",
  );
  await host.open();
  await expect(host.switchFeature("core", false)).rejects.toThrow(/cannot be switched off/);
  await expect(host.switchFeature("nothing", false)).rejects.toThrow(/there is no feature nothing/);
  await host.close();
});

test("[SV276] a feature that takes AI or biometric input is off until it is switched on, then across restarts; without a way to switch it off it is refused", async () => {
  const input = {
    kind: "biometric",
    purpose: "privacy.purpose.access",
    data: "privacy.data.presence",
    failure: "privacy.purpose.security",
  } as const;
  const source = `export const open = async () => ({ handlers: {}, ports: {}, close: async () => {} });`;
  const voice = await listed({ id: "voice", inputs: [input] }, source);
  const other = await listed({ id: "other" }, source);
  const first = hostOf([voice, other], "sensitive.json");
  await first.open();
  expect([stateOf(first, "voice"), stateOf(first, "other")]).toEqual([{ state: "off" }, { state: "open" }]);
  expect(first.states().find(({ id }) => id === "voice")?.inputs).toEqual([input]);
  // switching another one does not switch it on
  await first.switchFeature("other", false);
  await first.switchFeature("other", true);
  expect(stateOf(first, "voice")).toEqual({ state: "off" });
  await first.switchFeature("voice", true);
  expect(stateOf(first, "voice")).toEqual({ state: "open" });
  await first.close();
  const second = hostOf([voice, other], "sensitive.json");
  await second.open();
  expect(stateOf(second, "voice")).toEqual({ state: "open" });
  await second.switchFeature("voice", false);
  expect(stateOf(second, "voice")).toEqual({ state: "off" });
  await second.close();
  expect(() => feature({ ...base, id: "always", perWorld: false, needs: { ports: [], may: [] }, inputs: [input] })).toThrow(/perWorld/);
});

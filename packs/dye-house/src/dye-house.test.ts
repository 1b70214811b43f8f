import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alarmRuleProblems } from "@doppelwerk/kit";
import { openTestPack } from "@doppelwerk/kit/testing/pack";
import { recordsOfEnvironment, type SignalRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { dyeHouseEnvironment } from "../../../examples/dye-house-plant/src/engineering-file/dye-house-file.ts";
import { plantSignals } from "../../../examples/dye-house-plant/src/signals.ts";
import type { LotPassed } from "./folds/passes.ts";
import { DAY, DyeHouse, START } from "./dye-house.fixture.ts";

const folder = new URL("../", import.meta.url);
const now = START + 2 * DAY;
const idOf = (name: string): string => `signal:${name}`;

/** The demo plant as a world knows it once its engineering file was imported. */
async function openPack(days = 0) {
  const house = new DyeHouse(3, START);
  house.advanceTo(START + days * DAY);
  const signals = plantSignals.map(({ name, asset, role, counterBits }): SignalRecord => {
    const counter = counterBits && { counter: { type: "totaliser", width: counterBits } as const };
    return {
      id: idOf(name),
      kind: "signal",
      name,
      valueType: "double",
      role,
      shell: `urn:dye-house-plant:shell:${asset}`,
      ...counter,
    };
  });
  const samples = [...house.archive.tracks.values()].map(({ signal, times, values }) => {
    const read = times.map((time, row) => {
      const value = values[row]!;
      return typeof value === "string" ? { time, value: null, text: value, quality: 0 } : { time, value, quality: 0 };
    });
    return [idOf(signal.name), read] as const;
  });
  const records = recordsOfEnvironment(dyeHouseEnvironment({ opcua: "opc.tcp://x", modbus: "modbus+tcp://x" }), "test");
  return { house, pack: await openTestPack(folder, { records, signals, samples: Object.fromEntries(samples) }) };
}

interface Written {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
}

test("[DH6] machines, ranges, tanks and recipes are read from the shells with their signals; again, nothing changes", async () => {
  const { pack } = await openPack();
  expect(await pack.call<Written>("dyeHouse.setUp")).toEqual({ created: 13, changed: 0, kept: 0 });
  const named = (kind: string) => pack.records(kind).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(named("dyeHouse.machine")).toMatchObject([
    { name: "JET1", nominalKg: 500, waterBits: 32, temperatureSignal: "signal:JET1.Temperature", place: { x: 8, y: 6 } },
    { name: "JET2", waterBits: 16, functions: { 0: "idle", 11: "unload" } },
    { name: "JET3" },
    { name: "JET4", functions: {} },
  ]);
  expect(named("dyeHouse.machine")[3]).not.toHaveProperty("functionSignal");
  expect(named("dyeHouse.recipe").map((recipe) => recipe["code"])).toEqual(["PD130", "RC60-DARK", "RC60-PALE"]);
  expect(named("dyeHouse.range")).toMatchObject([{ name: "STENTER1", zone4Signal: "signal:STENTER1.Zone4" }, { name: "WASH1" }]);
  expect(await pack.call<Written>("dyeHouse.setUp")).toEqual({ created: 0, changed: 0, kept: 13 });
  expect(pack.published).toContainEqual({ topic: "dyeHouse.changed", payload: { branch: "live" } });
  await pack.close();
});

test("[DH7] default alarm rules may annunciate, stand on signals that are there, and are the same each time", async () => {
  const { pack } = await openPack();
  const rules = await pack.setUp();
  expect(rules.length).toBeGreaterThanOrEqual(12);
  expect(rules.flatMap((rule) => alarmRuleProblems(rule))).toEqual([]);
  expect(rules.map(({ title }) => title.en)).toEqual(
    expect.arrayContaining(["JET1 is off its temperature programme", "Zone 4 of STENTER1 is off its setpoint"]),
  );
  const low = rules.find(({ condition }) => condition.kind === "low")!;
  expect([low.title.en, low.title.zh, low.condition]).toMatchObject([
    expect.stringMatching(/^\S.* is low$/),
    expect.stringMatching(/液位低$/),
    { limit: expect.any(Number), signal: expect.stringMatching(/Level$/) },
  ]);
  expect(await pack.setUp()).toEqual(rules);
  await pack.close();
});

test("[DH11] a lot is stored with its assignment and changed; an unknown recipe or machine is refused", async () => {
  const { pack } = await openPack();
  await pack.call("dyeHouse.setUp");
  const lot = { recipe: "PD130", loadKg: 280, machine: "JET2", start: now };
  const params = { code: "D7" };
  await pack.call("dyeHouse.storeLot", { params, body: lot });
  expect(pack.records("dyeHouse.assignment")).toMatchObject([{ lot: "D7", machine: "JET2", start: now }]);
  await pack.call("dyeHouse.storeLot", { params, body: { recipe: "PD130", loadKg: 250 } });
  expect(pack.records("dyeHouse.lot")).toMatchObject([{ code: "D7", loadKg: 250 }]);
  expect(pack.records("dyeHouse.assignment")).toEqual([]);
  for (const wrong of [
    { ...lot, recipe: "X" },
    { ...lot, machine: "X" },
  ])
    await expect(pack.call("dyeHouse.storeLot", { params, body: wrong })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(pack.call("dyeHouse.storeLot", { params, body: { ...lot, loadKg: -1 } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await pack.close();
});

test("[DH8] what if answers for the assigned lots as it is and with one more machine; a programme has the steps of its recipe", async () => {
  const { pack } = await openPack();
  await pack.call("dyeHouse.setUp");
  for (const [at, machine] of ["JET2", "JET2", "JET3"].entries())
    await pack.call("dyeHouse.storeLot", { params: { code: `L${at}` }, body: { recipe: "RC60-DARK", loadKg: 280, machine, start: at } });
  interface Side {
    readonly makespanH: { readonly mean: number };
    readonly bars: readonly object[];
  }
  const body = { dissolvers: 2, replications: 5 };
  const { lots, asIs, changed } = await pack.call<{ readonly lots: number; readonly asIs: Side; readonly changed: Side }>(
    "dyeHouse.whatIf",
    { body },
  );
  expect([lots, asIs.bars.length]).toEqual([3, 9]);
  expect(changed.makespanH.mean).toBeLessThanOrEqual(asIs.makespanH.mean);
  const query = { recipe: "PD130", machine: "JET1", loadKg: 400 };
  expect(await pack.call<{ readonly steps: object[] }>("dyeHouse.programme", { query })).toMatchObject({ steps: { length: 22 } });
  await expect(pack.call("dyeHouse.programme", { query: { ...query, machine: "X" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await pack.close();
});

test("[DH10] lots that pass washing and stenter are concluded with what they took, one after the other", async () => {
  const { house, pack } = await openPack(2);
  await pack.call("dyeHouse.setUp");
  const concluded = await pack.conclude({ fold: "dyeHouse.passes", from: START, to: now });
  const of = (range: string) =>
    concluded
      .filter(({ subject }) => subject === `dyeHouse.range:${range}`)
      .map(({ value, from }) => ({ ...(JSON.parse(String(value)) as LotPassed), at: from }));
  const lots = new Map(house.batches.map(({ lot, loadKg }) => [lot, loadKg]));
  expect(of("STENTER1").length).toBeGreaterThan(8);
  for (const pass of of("STENTER1")) expect(pass.m / (lots.get(pass.b)! / 0.32)).toBeCloseTo(1, 1);
  for (const pass of of("WASH1")) expect(pass.w / lots.get(pass.b)!).toBeCloseTo(6, 0);
  const times = of("STENTER1").map((pass) => [pass.f, pass.at] as const);
  expect(times.slice(1).every(([from], at) => from >= times[at]![1])).toBe(true);
  await pack.close();
});

test("[DH9] the pack imports the kit and its own files, and at run time its server part and folds only their own", () => {
  const files = globSync("src/**/*.{ts,tsx}", { cwd: fileURLToPath(folder) }).filter((file) => !/\.(test|fixture)\./.test(file));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), "utf8");
    const imports = [...text.matchAll(/(?:^|\n)(?:import|export)\b([^;]*?)\bfrom "([^"]+)"|import\("([^"]+)"\)/g)];
    for (const [, what = "", from, lazy] of imports) {
      const specifier = from ?? lazy!;
      const isOwn = /^\.\.?\/[\w./-]+\.tsx?$/.test(specifier);
      const isKit = /^@doppelwerk\/kit(?:\/(?:server|studio|studio\/viewer))?$/.test(specifier);
      const isReact = file.startsWith("src/studio/") && specifier === "react";
      expect(isOwn || isKit || isReact, `${file} imports ${specifier}`).toBe(true);
      if (isKit && !file.startsWith("src/studio/"))
        expect(what.trim().startsWith("type "), `${file} needs ${specifier} at run time`).toBe(true);
      expect(isOwn && specifier.includes("../../"), `${file} imports ${specifier}`).toBe(false);
    }
  }
});

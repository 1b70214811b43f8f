import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually, startProgram, startServer, type Program } from "./running-site.ts";

// A dye house behind its sockets, and a server that knows it by its engineering file and a pack.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-dye-house-"));
const running: Program[] = [];
afterAll(async () => {
  for (const program of running.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Batch {
  readonly machine: string;
  readonly batch: string;
  readonly from: number;
  readonly to?: number;
  readonly loadKg: number;
  readonly waterL: number;
  readonly steamKg: number;
  readonly additions: number;
  readonly phases: readonly { readonly phase: string; readonly from: number; readonly to?: number }[];
}
interface Truth extends Omit<Batch, "phases"> {
  readonly to: number;
  readonly phases: readonly { readonly run: string; readonly from: number; readonly to: number }[];
}

const DAY = 86_400_000_000;
const OLD_CONTROLLER = "JET4";

test("[DH12] batches of the past have the phases that the plant went through, and their water a kilogram is right; what runs now is followed", async () => {
  const plant = await startProgram("examples/dye-house-plant/src/main.ts", [
    "--json",
    "--truth",
    "--days",
    "2",
    "--data",
    join(folder, "plant"),
  ]);
  running.push(plant);
  const server = await startServer(join(folder, "data"), ["--pack", "packs/dye-house", "--import", String(plant.ready["engineeringFile"])]);
  running.push(server);
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const request = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${String(server.ready["url"])}/api/doppelwerk/v1/${path}`, request);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  await eventually(async () => {
    const all = await ask<readonly { readonly state: string }[]>("connections");
    return all.length === 2 && all.every(({ state }) => state === "connected") ? all : undefined;
  }, "two connections");
  expect(await ask("packs/dye-house/set-up", {})).toMatchObject({ created: 13 });

  const truths = JSON.parse(readFileSync(join(folder, "plant/truth.json"), "utf8")) as readonly Truth[];
  const now = Date.now() * 1_000;
  const period = `from=${now - 3 * DAY}&to=${now}`;
  const found = await eventually(async () => {
    const batches = await ask<readonly Batch[]>(`packs/dye-house/batches?${period}`);
    return truths.every(({ batch }) => batches.some((one) => one.batch === batch && one.to !== undefined && one.waterL > 0))
      ? batches
      : undefined;
  }, "all batches of the past");
  for (const truth of truths) {
    const batch = found.find((one) => one.batch === truth.batch)!;
    // loads are typed in to the next five kilograms
    expect(batch.waterL / batch.loadKg / (truth.waterL / truth.loadKg), truth.batch).toBeCloseTo(1, 1);
    expect(Math.abs(batch.waterL / batch.loadKg / (truth.waterL / truth.loadKg) - 1), truth.batch).toBeLessThan(0.03);
    expect(Math.abs(batch.steamKg / truth.steamKg - 1), truth.batch).toBeLessThan(0.03);
    expect([batch.machine, batch.from, batch.to]).toEqual([truth.machine, truth.from, truth.to]);
    if (truth.machine === OLD_CONTROLLER) continue;
    expect(batch.additions).toBe(truth.additions);
    expect(batch.phases.map(({ phase, from }) => [phase, from])).toEqual(truth.phases.map(({ run, from }) => [run, from]));
  }
  const runs = found.filter(({ to }) => to === undefined);
  expect(runs.length).toBeGreaterThan(0);
  expect(new Set(runs.map(({ machine }) => machine)).size).toBe(runs.length);

  const figures = await ask<{ readonly batches: number; readonly waterLPerKg: number }>(`packs/dye-house/figures?${period}`);
  const sum = (of: "waterL" | "loadKg") => truths.reduce((total, one) => total + one[of], 0);
  expect(figures.batches).toBe(truths.length);
  expect(Math.abs(figures.waterLPerKg / (sum("waterL") / sum("loadKg")) - 1)).toBeLessThan(0.03);

  interface Declared {
    readonly kpis: readonly { readonly id: string; readonly unit?: string; readonly value?: number; readonly n?: number }[];
  }
  const { kpis } = await ask<Declared>(`declared-kpis?${period}`);
  const kpi = (name: string) => kpis.find(({ id }) => id === `dyeHouse.${name}`)!;
  expect(kpi("waterPerKg")).toMatchObject({ unit: "L/kg", n: truths.length, value: expect.closeTo(figures.waterLPerKg, 1) });
  expect(kpi("batches")).toMatchObject({ value: truths.length });
  expect(kpi("rightFirstTime").value).toBeGreaterThan(0);
  expect((await ask<{ readonly declared: Declared["kpis"] }>(`kpis?${period}`)).declared).toEqual(kpis);

  const { id: branch } = await ask<{ readonly id: string }>("branches", { name: "set-up" });
  const { created } = await ask<{ readonly created: number }>(`pack-set-ups/dye-house?branch=${encodeURIComponent(branch)}`, {});
  expect(created).toBeGreaterThanOrEqual(12);
  const whatIf = await ask<{ readonly lots: number; readonly asIs: object }>("packs/dye-house/what-if", { moreLike: "JET2" });
  expect(whatIf.lots).toBeGreaterThan(5);
});

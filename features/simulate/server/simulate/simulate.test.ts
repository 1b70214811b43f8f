import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type FlowModel,
  type FlowPlan,
  type FlowReport,
  flowFormatTables,
  planFlow,
  runFlowExperiment,
  validateFlowModel,
} from "@doppelwerk/sim";
import { afterAll, expect, test } from "vitest";
import { runBatch } from "./flow-batch.ts";
import { tableOf } from "./simulate.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "simulate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function doppelwerk(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const main = join(root, "apps/doppelwerk/src/main.ts");
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", main, "simulate", ...args],
      { maxBuffer: 1e8 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const queue = join(root, "examples/simulate/queue.json");

test("[C2] the number of workers changes nothing in the answer, and seed and replications of the command line count", async () => {
  const answer = (workers: number) =>
    doppelwerk(queue, "--replications", "4", "--seed", "9", "--duration", "2000", "--json", "--workers", String(workers));
  const [one, three] = [await answer(1), await answer(3)];
  expect(one.code).toBe(0);
  expect(one.out).toBe(three.out);
  const report = JSON.parse(one.out) as FlowReport;
  expect(report).toMatchObject({ format: "doppelwerk-flow-result/1", seed: 9, replications: 4, durationS: 2000 });
  expect(report.checks).toMatchObject({ conservation: { balanced: true }, littlesLaw: { holds: true } });
  expect(report.kpis["throughputPerS"]!.halfWidth).toBeGreaterThan(0);
});

test("[C3] a bad file is refused with one line a mistake and exit 1, wrong usage with 2", async () => {
  const bad = file("bad.json", { format: "doppelwerk-flow/1", components: [{ id: "a", type: "sorce" }] });
  const refused = await doppelwerk(bad, "--json");
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ valid: false, findings: [{ path: "components[0].type" }] });
  expect(refused.err).toContain('did you mean "source"?');
  const strange = await doppelwerk(file("strange.json", { format: "other/7", nodes: [] }));
  expect(strange.code).toBe(1);
  expect(strange.err).toMatch(/format is "other\/7": it must be "doppelwerk-flow\/1" or "doppelwerk-line\/1"\n.*1 error, nothing was run/s);
  // a file that would steer the terminal it is told on
  expect((await doppelwerk(file("none.json", "\u001B[2J{"))).err).toMatch(/^doppelwerk: .*cannot be read.*\\u\{1b\}\P{Cc}*\n$/u);
  const requested = file("requested.json", {
    format: "doppelwerk-flow/1",
    run: { durationS: 10, precision: { kpi: "thruputPerS", relativeHalfWidth: 0.1 } },
    components: [
      { id: "in", type: "source", interarrival: 1, to: "out" },
      { id: "out", type: "sink" },
    ],
  });
  expect((await doppelwerk(requested, "--workers", "2")).err).toMatch(
    /^doppelwerk: .*requested\.json: run\.precision\.kpi: there is no KPI "thruputPerS"; did you mean "throughputPerS"\? \(DW_INVALID\)\n$/,
  );
  expect((await doppelwerk(queue, "--seed", "x")).code).toBe(2);
});

test("[S21] a line of a file is run as its file says, and the report says that its books balance", async () => {
  const line = (more: object = {}): unknown => ({
    format: "doppelwerk-line/1",
    id: "two",
    products: [{ id: "A" }],
    stations: [
      { id: "S1", places: 1, cycle: { time: { kind: "exponential", mean: 1 } }, source: { program: true }, next: { station: "S2" } },
      { id: "S2", places: 1, cycle: { time: { kind: "exponential", mean: 1 } }, buffer: { capacity: 4 } },
    ],
    run: { durationS: 4000, warmUpS: "auto", replications: 5, seed: 3 },
    ...more,
  });
  const { code, out, err } = await doppelwerk(file("line.json", line({ colour: "red" })), "--json");
  expect(code).toBe(0);
  const report = JSON.parse(out) as { kpis: Record<string, { mean: number; halfWidth: number }> } & Record<string, unknown>;
  expect(report).toMatchObject({
    format: "doppelwerk-line-result/1",
    seed: 3,
    replications: 5,
    durationS: 4000,
    warmUp: { method: "mser5" },
  });
  expect(report["checks"]).toMatchObject({ conservation: { balanced: true }, littlesLaw: { holds: true, largestRelativeError: 0 } });
  expect(report["notes"]).toEqual(["colour is not a field of this format and is ignored"]);
  expect(err).toContain("warning: colour");
  const { mean, halfWidth } = report.kpis["throughputPerS"]!;
  expect(Math.abs(mean - 6 / 7)).toBeLessThan(4 * halfWidth + 0.01);
  const tiny = { id: "e", kind: "outage", stations: ["S1"], cause: "other", when: { kind: "periodic", periodS: 1e-7, durationS: 1e-8 } };
  const stuck = await doppelwerk(file("stuck.json", line({ effects: [tiny] })), "--json");
  expect(stuck.code).toBe(1);
  expect(stuck.err).toContain('no progress at 0 s: events follow each other without taking time around the effect "e"');
});

test("[X12] an experiment selects the best allocation, and a bad one is refused before anything runs", async () => {
  const line = join(root, "examples/simulate/four-stations.json");
  const buffers = join(root, "examples/simulate/experiments/buffers.json");
  const { code, out } = await doppelwerk(line, "--experiment", buffers, "--workers", "2", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ format: "doppelwerk-experiment-result/1", best: { point: 0, certain: true }, balanced: true });
  const bad = file("bad-experiment.json", {
    format: "doppelwerk-experiment/1",
    kpi: "good",
    factors: [{ id: "a", set: "components.S9.buffer", values: [1, 2] }],
  });
  const refused = await doppelwerk(line, "--experiment", bad);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("the model has no components.S9");
});

test("[C20] a component model comes with a module, on workers too", async () => {
  const module = file(
    "oven.mjs",
    `export const oven = { model: "oven", parameters: { seconds: 5 }, columns: {},
      hasRoom: (c) => c.held < 3, receive: (c) => c.after(c.parameter("seconds"), 1), alarm: (c) => { c.release(c.first()); c.roomAhead(); } };`,
  );
  const model = file("oven.json", {
    format: "doppelwerk-flow/1",
    run: { durationS: 1000, replications: 2 },
    components: [
      { id: "in", type: "source", to: "oven" },
      { id: "oven", type: "custom", model: "oven", to: "out" },
      { id: "out", type: "sink" },
    ],
  });
  const { out, err } = await doppelwerk(model, "--with", module, "--json", "--workers", "2");
  expect((JSON.parse(out || JSON.stringify({ err })) as FlowReport).kpis["good"]!.mean).toBe(600);
  expect((await doppelwerk(model)).err).toContain("--with");
});

test("the examples run", async () => {
  for (const path of globSync("examples/simulate/*.json", { cwd: root })) {
    const model = JSON.parse(readFileSync(join(root, path), "utf8")) as FlowModel;
    expect(validateFlowModel(model), path).toEqual([]);
    const plan = planFlow(model, { replications: 2 }) as FlowPlan;
    const { report } = await runFlowExperiment(model, plan, async (batch) => runBatch(model, [], batch, 1e7));
    expect(report.notes, path).toEqual([]);
    expect(report.checks.conservation.balanced && report.checks.littlesLaw.holds, path).toBe(true);
    if (!path.includes("tanks")) expect(report.kpis["good"]!.mean, path).toBeGreaterThan(10);
    expect(tableOf(report), path).toContain("conservation holds");
  }
});

test("every model in the guide is good, and its tables are those of the format", () => {
  const guide = readFileSync(join(root, "docs/guide/simulate.md"), "utf8");
  const models = [...guide.matchAll(/^```json\n(\{\s*"format": "doppelwerk-flow\/1"[\s\S]*?)^```/gm)].map((match) => match[1]!);
  expect(models.length).toBeGreaterThan(2);
  for (const text of models) expect(validateFlowModel(JSON.parse(text)), text).toEqual([]);
  const pieces = [...guide.matchAll(/^```json\n(\[[\s\S]*?)^```/gm)].map((match) => match[1]!);
  for (const text of pieces) {
    const components = JSON.parse(text) as unknown[];
    expect(
      validateFlowModel({ format: "doppelwerk-flow/1", components }).filter((finding) => finding.severity === "error"),
      text,
    ).toEqual([]);
  }
  expect(guide).toContain(flowFormatTables());
});

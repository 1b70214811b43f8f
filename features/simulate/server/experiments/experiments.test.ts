import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExperimentRequest, ExperimentResult } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { WorldView } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineModelsOf, readLine } from "../../../line/line-models.fixture.ts";
import { smallPlant } from "../../../../packs/discrete-line/src/small-plant.fixture.ts";
import { ENGINEER, startTestServer, VIEWER } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import type { TestServer } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import { EarlierFolder } from "../kept/earlier-folder.ts";
import { openSimulateJobs } from "../kept/simulate-jobs.fixture.ts";
import { pointsCsv, replicationsCsv } from "./experiment-csv.ts";
import { ExperimentService } from "./experiment-service.ts";

const MONDAY = Date.UTC(2026, 10, 23, 5) * 1000;
const folder = mkdtempSync(join(tmpdir(), "experiments-"));
let server: TestServer;
let view: WorldView;
beforeAll(async () => {
  server = await startTestServer(smallPlant());
  view = server.world.view(ENGINEER);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const lineOf = (on: WorldView, branch: string) => readLine(on.reader(branch), MONDAY)!;
const elementOf = (key: string): string => lineOf(view, LIVE).factors.find((factor) => factor.key === key)!.elementId;

let count = 0;
/** A server's worth of experiments on a folder. */
async function opened(workers: number, name = "a") {
  const { jobs, carryOut, close } = await openSimulateJobs(join(folder, name), workers);
  const service = new ExperimentService({
    jobs,
    earlier: new EarlierFolder(join(folder, `earlier-${name}`)),
    onDamage(file, error) {
      throw new Error(file, { cause: error });
    },
    ids: { next: (kind) => `${kind}:${String(++count).padStart(4, "0")}` },
    codeVersion: "1",
    line: lineModelsOf((principal) => server.world.view(principal), MONDAY),
  });
  await service.open();
  carryOut({ "simulate.experiment": (job, run) => service.carryOut(job, run) });
  return { service, jobs, close };
}

const request = (more: Partial<ExperimentRequest> = {}): ExperimentRequest => ({
  name: "Places and slots",
  kind: "study",
  seed: 4,
  kpi: "throughput",
  goal: "maximise",
  factors: [
    { element: elementOf("S90/NumberOfPlaces"), values: [5, 6, 7] },
    { element: elementOf("S120/BufferCapacity"), low: 4, high: 12, whole: true },
  ],
  design: "full",
  replications: { count: 4 },
  ...more,
});

async function ended({ service }: { readonly service: ExperimentService }, id: string): Promise<ExperimentResult> {
  for (;;) {
    const result = await service.get(id);
    if (result.experiment.state !== "running") return result;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("[SV70] a design over properties of documents: points, effects, tables; nothing is written; again it comes to the same hash, on other workers too", async () => {
  const revision = server.world.revision();
  const one = await opened(1);
  const { id } = await one.service.start(view, LIVE, request());
  const result = await ended(one, id);
  expect(result.experiment).toMatchObject({ state: "done", points: result.points.length });
  expect(server.world.revision()).toBe(revision);
  expect(result.points.length).toBeGreaterThanOrEqual(6);
  const asIs = result.points[result.reference]!;
  expect(asIs.values).toEqual(result.factors.map(({ asIs: value }) => value));
  expect(asIs.kpis.throughput!.mean).toBeGreaterThan(50);
  expect(result.effects.throughput!.length).toBeGreaterThanOrEqual(2);
  expect(result.best!.point).toBeGreaterThanOrEqual(0);
  const rows = pointsCsv(result).split("\r\n");
  expect(rows[0]).toMatch(/^point,as_is,best,S90\/NumberOfPlaces,S120\/BufferCapacity,replications,throughput_mean/);
  expect(rows).toHaveLength(result.points.length + 2);
  const each = replicationsCsv(result, await one.service.outcomes(id)).split("\r\n");
  expect(each.length).toBeGreaterThanOrEqual(6 * 4 + 2);
  await one.close();

  const two = await opened(2);
  const again = await ended(two, (await two.service.rerun(id, "person:2")).id);
  expect(again.experiment).toMatchObject({ state: "done", rerunOf: id, sameHash: true, resultHash: result.experiment.resultHash });
  await two.close();
});

test("[SV71] a server that ends in the middle goes on where it was, to the same result; a torn line is simulated again", async () => {
  const whole = await opened(1, "b");
  const straight = await ended(whole, (await whole.service.start(view, LIVE, request())).id);
  await whole.close();

  const first = await opened(1, "c");
  const { id } = await first.service.start(view, LIVE, request());
  while ((await first.service.outcomes(id)).length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.close();
  const outcomes = join(
    folder,
    "c",
    readdirSync(join(folder, "c")).find((name) => name.endsWith("outcomes.jsonl"))!,
  );
  const kept = readFileSync(outcomes);
  truncateSync(outcomes, kept.length - 30);
  const lines = readFileSync(outcomes, "utf8").split("\n").length - 1;
  expect(lines).toBeLessThan(33);

  const second = await opened(1, "c");
  const result = await ended(second, id);
  expect(result.experiment).toMatchObject({ state: "done", resumed: 1, resultHash: straight.experiment.resultHash });
  // What was there is not simulated a second time.
  expect(readFileSync(outcomes, "utf8").startsWith(kept.subarray(0, kept.lastIndexOf(10, kept.length - 31) + 1).toString())).toBe(true);
  const tasks = (await second.service.outcomes(id)).map(({ point, replication }) => `${point}/${replication}`);
  expect(new Set(tasks).size).toBe(tasks.length);
  await second.close();
});

test("[SV71] one that is stopped keeps what it has and goes on when asked", async () => {
  const site = await opened(1, "d");
  const { id } = await site.service.start(view, LIVE, request());
  while ((await site.service.outcomes(id)).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await site.service.cancel(id);
  expect((await ended(site, id)).experiment.state).toBe("cancelled");
  await site.service.resume(id);
  expect((await ended(site, id)).experiment.state).toBe("done");
  await site.close();
});

test("[SV71] experiments of an earlier version are there, and one that was under way is resumed from what it kept; without a plan it has failed", async () => {
  const site = await opened(1, "f");
  const done = await ended(site, (await site.service.start(view, LIVE, request())).id);
  await site.close();
  // as an earlier version kept them
  const earlier = join(folder, "earlier-g");
  mkdirSync(earlier);
  const { resultHash, finishedAt: _finishedAt, ...summary } = done.experiment;
  const file = (name: string) => join(folder, "f", `${done.experiment.id.replace(/[^\w-]/g, "_")}.${name}`);
  const keep = (id: string, kept: object) =>
    writeFileSync(join(earlier, `experiment_${id}.json`), JSON.stringify({ ...summary, id: `experiment:${id}`, ...kept }));
  keep("done", { resultHash, finishedAt: 9 });
  copyFileSync(file("result.gz"), join(earlier, "experiment_done.result.gz"));
  keep("cut", { state: "running" });
  copyFileSync(file("plan.gz"), join(earlier, "experiment_cut.plan.gz"));
  const outcomes = readFileSync(file("outcomes.jsonl"), "utf8").split("\n");
  writeFileSync(join(earlier, "experiment_cut.outcomes.jsonl"), [...outcomes.slice(0, 6), "{"].join("\n"));
  keep("lost", { state: "running" });

  const after = await opened(1, "g");
  expect(await after.service.get("experiment:done")).toEqual({
    ...done,
    experiment: { ...summary, id: "experiment:done", resultHash, finishedAt: 9 },
  });
  expect((await after.service.summary("experiment:lost")).state).toBe("failed");
  const resumed = await ended(after, "experiment:cut");
  expect(resumed.experiment).toMatchObject({ state: "done", resumed: 1, resultHash });
  // nothing of what was kept is simulated a second time
  expect(await after.jobs.files.lines("experiment:cut", "outcomes.jsonl")).toHaveLength(outcomes.length - 1 - 6);
  await after.close();
});

test("[SV72] what cannot be an experiment is refused with one sentence before anything runs, and a viewer may start none", async () => {
  const { service, jobs, close } = await opened(1, "e");
  const places = elementOf("S90/NumberOfPlaces");
  const place = view
    .reader(LIVE)
    .query({ kind: "element" })
    .find((element) => element["idShort"] === "PositionY")!;
  const refused: readonly (readonly [Partial<ExperimentRequest>, RegExp])[] = [
    [{ factors: [{ element: "element:none", values: [1, 2] }] }, /there is no element element:none/],
    [{ factors: [{ element: places, values: [5, 5] }] }, /S90\/NumberOfPlaces needs two different values/],
    [{ factors: [{ element: places, values: [5, "six"] }] }, /is a number/],
    [{ factors: [{ element: places, values: [5, 5.5] }] }, /whole number/],
    [{ factors: [{ element: places, values: [-1, 5] }] }, /cannot be less than 0/],
    [{ factors: [{ element: places, low: 7, high: 5 }] }, /low less than high/],
    [
      {
        factors: [
          { element: places, values: [5, 6] },
          { element: places, values: [5, 6] },
        ],
      },
      /occurs twice/,
    ],
    [{ factors: [{ element: place.id, values: [10, 20] }] }, /has (no|an) effect in the simulation/],
    [{ factors: [{ element: places, values: [5, 6, 7] }], design: { fraction: ["AB"] } }, /the design/],
    [{ factors: [{ element: places, low: 1, high: 90_000, whole: true }], design: { latinHypercube: 700 } }, /more than 512/],
    [{ design: { points: [[5]] } }, /1 values for 2 factors/],
    [{ replications: { relativeHalfWidth: 0.01, most: 90_000 } }, /more than 100000 in total/],
  ];
  for (const [wrong, message] of refused) await expect(service.start(view, LIVE, request(wrong)), String(message)).rejects.toThrow(message);
  await expect(service.start(server.world.view(VIEWER), LIVE, request())).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect(await jobs.list()).toEqual([]);
  expect(readdirSync(join(folder, "e")).filter((name) => name.endsWith(".gz"))).toEqual([]);
  await close();
});

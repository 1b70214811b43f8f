import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { RunRequest, RunResult } from "@doppelwerk/client";
import type { LineModel } from "@doppelwerk/sim";
import type { WorldView } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { EarlierFolder } from "../kept/earlier-folder.ts";
import { openSimulateJobs } from "../kept/simulate-jobs.fixture.ts";
import { RunService } from "./run-service.ts";

const MONDAY = Date.UTC(2026, 10, 23, 5) * 1000;
const folder = mkdtempSync(join(tmpdir(), "runs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (slots: number): LineModel => ({
  format: "doppelwerk-line/1",
  id: "two",
  products: [{ id: "A" }],
  stations: [
    { id: "S1", places: 1, cycle: { time: { kind: "exponential", mean: 60 } }, source: { program: true }, next: { station: "S2" } },
    { id: "S2", places: 1, cycle: { time: { kind: "exponential", mean: 60 } }, buffer: { capacity: slots } },
  ],
});

let count = 0;
/** A server's worth of runs on a folder. */
async function opened(name: string, code = "1") {
  const server = await openSimulateJobs(join(folder, name, "jobs"), 1);
  const damaged: string[] = [];
  const service = new RunService({
    jobs: server.jobs,
    earlier: new EarlierFolder(join(folder, name, "runs")),
    onDamage: (file) => damaged.push(file),
    ids: { next: (kind) => `${kind}:${String(++count).padStart(4, "0")}` },
    codeVersion: code,
    line: {
      async experiment(_principal, _branch, { kind }) {
        const live = { nominal: line(4), edited: line(4), parameters: [] };
        return {
          live,
          branch: { ...live, edited: line(8) },
          same: false,
          kind,
          start: MONDAY,
          horizonS: 3 * 8 * 3600,
          diffHash: "d",
          initialState: [],
          parameters: [],
          warnings: ["w"],
          warningsTold: [{ code: "w", params: {} }],
          variants: async (values) => values.map(() => live),
        };
      },
      together: () => Promise.reject(new Error("there is one line")),
    },
  });
  await service.open();
  server.carryOut({ "simulate.run": (job, run) => service.carryOut(job, run) });
  return { service, close: server.close, damaged };
}

const view = { may: () => ({ allowed: true }), principal: { id: "person:1" } } as unknown as WorldView;
const request: RunRequest = { kind: "study", seed: 3, replications: 12 };

async function ended({ service }: { readonly service: RunService }, id: string): Promise<RunResult> {
  for (;;) {
    const result = await service.get(id);
    if (result.run.state !== "running" && result.run.state !== "queued") return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("[SV84] a run that the server's end has interrupted goes on to the result it would have had; again it comes to the same hash", async () => {
  const whole = await opened("a");
  const straight = await ended(whole, (await whole.service.start(view, "branch:1", request)).id);
  expect(straight.run).toMatchObject({ state: "done", done: 34, total: 34 });
  expect(straight.checks).toEqual({ conservation: true, littlesLaw: true, replications: 34 });
  expect([straight.warningMessages, straight.warningsTold]).toEqual([[{ code: "w", params: {} }], [{ code: "w", params: {} }]]);
  const again = await ended(whole, (await whole.service.rerun(straight.run.id, "person:2")).id);
  expect(again.run).toMatchObject({ rerunOf: straight.run.id, sameHash: true, resultHash: straight.run.resultHash });
  await whole.close();
  // another version of the code that comes to the same figures says so
  const newer = await opened("a", "2");
  const anew = await ended(newer, (await newer.service.rerun(straight.run.id, "person:2")).id);
  expect(anew.run).toMatchObject({ sameHash: true });
  expect(anew.model.code).toBe("2");
  await newer.close();

  const first = await opened("b");
  const { id } = await first.service.start(view, "branch:1", request);
  const outcomes = (): string | undefined => readdirSync(join(folder, "b", "jobs")).find((name) => name.endsWith("outcomes.jsonl"));
  while (outcomes() === undefined || readFileSync(join(folder, "b", "jobs", outcomes()!), "utf8").split("\n").length < 6)
    await new Promise((resolve) => setTimeout(resolve, 2));
  await first.close();
  const path = join(folder, "b", "jobs", outcomes()!);
  truncateSync(path, readFileSync(path).length - 40);
  const second = await opened("b");
  const resumed = await ended(second, id);
  expect(resumed.run).toMatchObject({ state: "done", resumed: 1, resultHash: straight.run.resultHash });
  expect(resumed.kpis).toEqual(straight.kpis);
  // what the result says is not kept twice
  expect(outcomes()).toBeUndefined();
  await second.close();
});

test("[SV85] a study measures as long as it was asked to, after its warm-up", async () => {
  const site = await opened("c");
  const { run, model } = await ended(site, (await site.service.start(view, "branch:1", request)).id);
  expect(model.warmUpS).toBeGreaterThan(0);
  expect((await site.service.model(run.id)).options).toMatchObject({ horizonS: 3 * 8 * 3600, warmUpS: model.warmUpS });
  await site.close();
});

test("[SV84] runs of an earlier version are read; a damaged file is told and left alone, the others are there", async () => {
  const site = await opened("d");
  const result = await ended(site, (await site.service.start(view, "branch:1", request)).id);
  await site.close();
  const earlier = join(folder, "e", "runs");
  mkdirSync(earlier, { recursive: true });
  const summary = { ...result.run, id: "run:old" };
  writeFileSync(join(earlier, "run_old.json"), JSON.stringify({ summary, result: { ...result, run: summary } }));
  writeFileSync(join(earlier, "run_old.model.gz"), gzipSync(JSON.stringify({ live: 1, branch: 2, options: 3 })));
  writeFileSync(join(earlier, "run_cut.json"), JSON.stringify({ summary: { ...summary, id: "run:cut", state: "running" } }));
  writeFileSync(join(earlier, "run_bad.json"), '{"id":');
  const { service, damaged, close } = await opened("e");
  expect(damaged).toEqual(["run_bad.json"]);
  expect((await service.get("run:old")).kpis).toEqual(result.kpis);
  expect(await service.model("run:old")).toEqual({ live: 1, branch: 2, options: 3 });
  expect(await service.resultsOfHash(summary.resultHash!)).toHaveLength(1);
  expect((await service.get("run:cut")).run).toMatchObject({ state: "failed", message: expect.stringContaining("start it again") });
  await close();
  // and again, now that it is a job
  const again = await opened("e");
  expect((await again.service.get("run:old")).kpis).toEqual(result.kpis);
  await again.close();
});

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Optimisation, OptimisationRequest } from "@doppelwerk/client";
import { LIVE, type Principal, type WorldView } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineModelsOf, readLine, shownFactors } from "../../../line/line-models.fixture.ts";
import { smallPlant } from "../../../../packs/discrete-line/src/small-plant.fixture.ts";
import { ENGINEER, startTestServer, type TestServer } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import { RunService } from "../decide/run-service.ts";
import { EarlierFolder } from "../kept/earlier-folder.ts";
import { openSimulateJobs } from "../kept/simulate-jobs.fixture.ts";
import { OptimisationService } from "./optimisation-service.ts";
import type { OptimisationJob } from "../../model/optimisation-job.ts";
import { optimisationBody } from "../../model/optimisation-shapes.ts";

// A small plant in a real world, searched by real workers: what is optimised is what its shells say, as nothing was observed yet.
const NOW = Date.UTC(2026, 10, 24, 6) * 1_000;
let server: TestServer;
/** Closes what is still open. */
const closing: (() => Promise<void>)[] = [];
const folders: string[] = [];
beforeAll(async () => {
  server = await startTestServer(smallPlant());
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  await server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const lineOf = (view: WorldView, branch: string) => readLine(view.reader(branch), NOW)!;

let count = 0;
/** A server's worth of optimisations on a folder. */
async function services(
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-optimise-")),
  viewOf = (principal: Principal): WorldView => server.world.view(principal),
) {
  folders.push(folder);
  const clock = { now: () => NOW };
  const ids = { next: (kind: string) => `${kind}:${String(++count)}` };
  const damaged: string[] = [];
  const line = lineModelsOf((principal) => server.world.view(principal), NOW);
  const { jobs, carryOut, close: closeJobs } = await openSimulateJobs(join(folder, "jobs"), 2);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= closeJobs());
  closing.push(close);
  const runs = new RunService({ jobs, earlier: new EarlierFolder(folder), ids, codeVersion: "1", line, onDamage() {} });
  const service = new OptimisationService({
    jobs,
    earlier: new EarlierFolder(join(folder, "optimisations")),
    onDamage: (file) => damaged.push(file),
    runs,
    clock,
    ids,
    codeVersion: "1",
    line,
    view: viewOf,
  });
  await service.open();
  carryOut({
    "simulate.run": (job, run) => runs.carryOut(job, run),
    "simulate.optimisation": (job, run) => service.carryOut(job, run),
  });
  return { folder, service, runs, jobs, damaged, close };
}

const request = (fields: Partial<OptimisationRequest> = {}): OptimisationRequest =>
  optimisationBody.parse({
    title: "buffers",
    factors: ["S30", "S90", "S120"].map((station) => ({ key: `${station}/BufferCapacity`, min: 0, max: 12 })),
    totals: [{ keys: ["S30", "S90", "S120"].map((station) => `${station}/BufferCapacity`), kind: "exactly", total: 12 }],
    goals: ["throughput"],
    shifts: 1,
    seed: 5,
    budget: 60,
    confirm: 10,
    ...fields,
  });

async function fork(name: string): Promise<string> {
  return (await server.world.view(ENGINEER).fork({ name, parent: LIVE, instant: NOW, reason: name })).id;
}

async function ended(service: OptimisationService, id: string): Promise<Optimisation> {
  for (;;) {
    const found = await service.get(id);
    if (found.state !== "running" && found.state !== "waiting" && found.state !== "confirming") return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("optimising a branch", () => {
  test("[OP1] buffers of a line: the winner stands on the branch as one transaction, is judged on fresh seeds, and live is untouched", async () => {
    const view = server.world.view(ENGINEER);
    const branch = await fork("buffers");
    const before = view.revision();
    const { service, runs } = await services();
    // bounds at the ends of the factors' ranges, which move with the values
    const all = shownFactors(lineOf(view, LIVE), lineOf(view, branch));
    const most = (key: string) => all.find((factor) => factor.key === key)!.max;
    const wide = request();
    const started = await service.start(view, branch, {
      ...wide,
      factors: wide.factors.map((factor) => ({ ...factor, max: most(factor.key) })),
    });
    const done = await ended(service, started.id);
    expect(done.message).toBeUndefined();
    expect(done.state).toBe("done");
    const [best] = done.points;
    expect(Object.values(best!.values).reduce((a, b) => a + b)).toBe(12);
    expect(best!.goals[0]!).toBeGreaterThanOrEqual(done.present!.goals[0]!);
    expect(done.spent).toBeGreaterThanOrEqual(60);
    const factors = shownFactors(lineOf(view, LIVE), lineOf(view, branch));
    for (const [key, value] of Object.entries(best!.values)) expect(factors.find((factor) => factor.key === key)!.value).toBe(value);
    if (done.run !== undefined) {
      // one transaction; nothing on live
      expect(view.revision()).toBe(before + 1);
      const { run, kpis } = await runs.get(done.run);
      expect(run.seed).not.toBe(done.seed);
      expect(done.confirmed![0]!.difference).toBe(kpis.find(({ key }) => key === "throughput")!.difference.mean);
      expect(done.verdict).toBe(done.confirmed![0]!.verdict);
    } else expect(done.verdict).toBe("no evidence");
    expect(shownFactors(lineOf(view, LIVE), lineOf(view, LIVE)).every(({ value, live }) => value === live)).toBe(true);
    expect(view.diff(branch).every(({ kind }) => kind === "element")).toBe(true);
  });

  test("[OP2] interrupted in the middle it goes on where it was, and ends with the answer of a search that was not", async () => {
    const view = server.world.view(ENGINEER);
    const straight = await services();
    const whole = await ended(straight.service, (await straight.service.start(view, await fork("straight"), request())).id);
    const dying = await services();
    const branch = await fork("interrupted");
    const { id } = await dying.service.start(view, branch, request());
    while ((await dying.service.get(id)).spent === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await dying.close();
    const after = await services(dying.folder);
    expect((await after.service.get(id)).spent).toBeGreaterThan(0);
    const resumed = await ended(after.service, id);
    expect(resumed.message).toBeUndefined();
    expect([resumed.resumed, resumed.restarts]).toEqual([1, 0]);
    expect(resumed.points).toEqual(whole.points);
    expect(resumed.trace).toEqual(whole.trace);
    expect(resumed.model).toEqual(whole.model);
  });

  test("[OP3] several goals give a front that a person chooses from; a branch edited meanwhile is not written over", async () => {
    const view = server.world.view(ENGINEER);
    const branch = await fork("front");
    const { service } = await services();
    const two = request({
      goals: ["cost", "wip"],
      prices: { part: 2 },
      totals: [],
      factors: [
        { key: "S90/BufferCapacity", min: 0, max: 12, price: 1 },
        { key: "S120/BufferCapacity", min: 0, max: 12, price: 1 },
      ],
      budget: 80,
    });
    const done = await ended(service, (await service.start(view, branch, two)).id);
    expect(done.message).toBeUndefined();
    expect(done.state).toBe("done");
    expect(done.chosen).toBeUndefined();
    expect(view.diff(branch)).toEqual([]);
    expect(done.points.length).toBeGreaterThan(1);
    for (const [i, { goals }] of done.points.entries()) if (i > 0) expect(goals[1]!).toBeLessThan(done.points[i - 1]!.goals[1]!);
    await service.choose(view, done.id, done.points.length - 1);
    const chosen = await ended(service, done.id);
    expect(chosen).toMatchObject({ state: "done", chosen: done.points.length - 1 });
    expect(chosen.confirmed!.map(({ goal }) => goal)).toEqual(["cost", "wip"]);
    // what a buffer place costs is in the cost, exactly
    const [cost] = chosen.confirmed!;
    expect(Number.isFinite(cost!.difference) && cost!.halfWidth >= 0).toBe(true);
    // another point may still be chosen, until somebody else edits the branch
    await ended(service, (await service.choose(view, done.id, 0)).id);
    const factor = shownFactors(lineOf(view, LIVE), lineOf(view, branch)).find(({ key }) => key === "S30/BufferCapacity")!;
    await view.apply({
      branch,
      reason: "by hand",
      changes: [{ op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: "9" } } }],
    });
    await expect(service.choose(view, done.id, 1)).rejects.toThrow("edited after");
    await expect(service.choose(view, done.id, 99)).rejects.toThrow("no point 99");
  });

  // A copy of the folder is what a process that is killed at that instant leaves on the disk.
  test.each([
    ["a person chooses", ["cost", "wip"], "behind"],
    ["a person chooses", ["cost", "wip"], "before"],
    ["the search chooses", ["throughput"], "behind"],
    ["the search chooses", ["throughput"], "before"],
  ] as const)(
    "[OP12] %s (%s), killed right %s the branch is written: the choice is written once, and confirmed",
    async (_who, goals, when) => {
      const view = server.world.view(ENGINEER);
      const branch = await fork(`killed ${goals.length} ${when}`);
      const copy = mkdtempSync(join(tmpdir(), "doppelwerk-optimise-"));
      let folder = "";
      const leaves = () => cpSync(folder, copy, { recursive: true });
      const killed = (principal: Principal): WorldView => {
        const own = server.world.view(principal);
        return Object.assign(Object.create(own) as WorldView, {
          async apply(transaction: Parameters<WorldView["apply"]>[0]) {
            if (when === "behind") await own.apply(transaction);
            leaves();
            throw new Error("the process is gone");
          },
        });
      };
      const first = await services(undefined, killed);
      folder = first.folder;
      const given = request({ goals: [...goals], ...(goals.length > 1 && { prices: { part: 2 }, totals: [] }), budget: 40 });
      const { id } = await first.service.start(view, branch, given);
      const searched = await ended(first.service, id);
      const index = goals.length > 1 ? searched.points.length - 1 : 0;
      if (goals.length > 1) await first.service.choose(view, id, index);
      const before = view.revision();
      await first.close();
      const second = await services(copy);
      const done = await ended(second.service, id);
      expect(done).toMatchObject({ state: "done", chosen: index });
      expect(done.verdict).toBeDefined();
      expect(view.revision() - before).toBe(when === "behind" ? 0 : 1);
      const factors = shownFactors(lineOf(view, LIVE), lineOf(view, branch));
      for (const [key, value] of Object.entries(done.points[index]!.values))
        expect(factors.find((each) => each.key === key)!.value).toBe(value);
      // another choice is still one of an unedited branch
      const other = done.points.length > 1 ? 1 - Math.min(1, index) : index;
      expect((await ended(second.service, (await second.service.choose(view, id, other)).id)).state).toBe("done");
    },
  );

  test("[OP8] at least today's output: buffers get fewer only as far as the line gives as much, and the confirming run says whether it did", async () => {
    const view = server.world.view(ENGINEER);
    const { service } = await services();
    const cheap = {
      goals: ["cost" as const],
      totals: [],
      factors: ["S30", "S90", "S120"].map((station) => ({ key: `${station}/BufferCapacity`, min: 0, max: 12, price: 1 })),
      budget: 60,
    };
    const kept = await ended(service, (await service.start(view, await fork("kept"), request({ ...cheap, keep: ["throughput"] }))).id);
    expect(kept.message).toBeUndefined();
    const [best] = kept.points;
    expect(best!.goals[0]!).toBeLessThanOrEqual(kept.present!.goals[0]!);
    expect(best!.kept![0]!).toBeGreaterThanOrEqual(kept.present!.kept![0]! * 0.995);
    if (kept.confirmed) expect(kept.confirmed.map(({ goal }) => goal)).toEqual(["cost", "throughput"]);
    await expect(service.start(view, kept.branch, request({ keep: ["throughput"] }))).rejects.toThrow("is a goal and cannot also");
  });

  test("[OP4] cancelled, the best so far can be chosen; live, strangers and impossible requests are refused in one sentence", async () => {
    const view = server.world.view(ENGINEER);
    const branch = await fork("refused");
    const { service } = await services();
    const { id } = await service.start(view, branch, request({ budget: 100_000 }));
    while ((await service.get(id)).points.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(service.choose(view, id, 0)).rejects.toThrow("still running");
    await service.cancel(id);
    const cancelled = await ended(service, id);
    expect(cancelled.state).toBe("cancelled");
    await ended(service, (await service.choose(view, id, 0)).id);
    const refused = (fields: Partial<OptimisationRequest>) => service.start(view, branch, request(fields));
    await expect(service.start(view, LIVE, request())).rejects.toThrow("fork it");
    await expect(refused({ factors: [{ key: "S90/Colour", min: 0, max: 1 }], totals: [] })).rejects.toThrow("no factor S90/Colour");
    await expect(refused({ factors: [{ key: "S90/BufferCapacity", min: 0, max: 1e6 }], totals: [] })).rejects.toThrow("may be 0 to");
    await expect(refused({ factors: [{ key: "S90/BufferCapacity", min: 9, max: 2 }], totals: [] })).rejects.toThrow("is above");
    await expect(refused({ totals: [{ keys: ["S30/BufferCapacity", "S90/BufferCapacity"], kind: "exactly", total: 90 }] })).rejects.toThrow(
      "adds up",
    );
    await expect(refused({ totals: [{ keys: ["S30/BufferCapacity", "S1/BufferCapacity"], kind: "atMost", total: 9 }] })).rejects.toThrow(
      "not selected",
    );
    await expect(refused({ goals: ["energy"] })).rejects.toThrow("power of a place");
    await expect(refused({ goals: ["cost"] })).rejects.toThrow("at least one price");
    expect(() => optimisationBody.parse({ ...request(), goals: ["wip", "wip"] })).toThrow("twice");
    expect(() => optimisationBody.parse({ ...request(), budget: 1e9 })).toThrow("100000");
  });

  test("[OP2] [OP10] a file that cannot be read is reported and the others are served; with a state of another model the search restarts", async () => {
    const view = server.world.view(ENGINEER);
    const first = await services();
    const { id } = await first.service.start(view, await fork("damaged"), request({ budget: 20 }));
    await expect.poll(async () => (await first.service.get(id)).spent).toBeGreaterThan(0);
    await first.close();
    // as an earlier version kept it
    const { detail } = (await first.jobs.get(id)) as OptimisationJob;
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-optimise-"));
    mkdirSync(join(folder, "optimisations"));
    const file = join(folder, "optimisations", `${id.replace(/[^\w-]/g, "_")}`);
    const { request: wish, restarts: begunAnew, ...fields } = detail.shown;
    const shown = { ...fields, wish, begunAnew, state: "running", spent: 50, model: { hash: "other", code: "1" } };
    writeFileSync(`${file}.json`, JSON.stringify({ ...detail, shown }));
    writeFileSync(`${file}.state`, "of another model");
    writeFileSync(join(folder, "optimisations", "torn.json"), "{");
    const after = await services(folder);
    expect(after.damaged).toEqual(["torn.json"]);
    const done = await ended(after.service, id);
    expect([done.request, done.wish, done.begunAnew]).toEqual([wish, wish, 1]);
    expect([done.state, done.restarts, done.resumed, done.message]).toEqual(["done", 1, 1, undefined]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BlendRequest, SearchState, SearchRequest } from "@doppelwerk/client";
import { createHighsSolver } from "@doppelwerk/engines/highs";
import { mixPieceS } from "@doppelwerk/sim";
import {
  balanceOfWork,
  BalanceSearch,
  createScheduleSearch,
  figuresOf,
  indexSchedule,
  layoutFindings,
  LayoutSearch,
  readScheduleFile,
  runSearch,
  scheduleFindings,
  stationSeconds,
  timePlan,
  type LayoutProblem,
  type LineWork,
  type SchedulePlan,
  type ScheduleProblem,
} from "@doppelwerk/sim/optimise";
import { LIVE, type WorldView } from "@doppelwerk/world";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineModelsOf, readLine } from "../../../line/line-models.fixture.ts";
import { smallPlantWithWork } from "../../../../packs/discrete-line/src/small-plant.fixture.ts";
import { ENGINEER, startTestServer, type TestServer } from "../../../../packages/aas-server/src/api/test-server.fixture.ts";
import { EarlierFolder } from "../kept/earlier-folder.ts";
import { openSimulateJobs } from "../kept/simulate-jobs.fixture.ts";
import { openSimulations } from "../decide/simulations.fixture.ts";
import { answerBlend, solveBlend } from "./blend.ts";
import { PlanningService } from "./planning-service.ts";
import { SearchService } from "./search-service.ts";
import { keepBlendBody, searchBody } from "../../model/planning-shapes.ts";

const NOW = Date.UTC(2026, 10, 24, 6) * 1_000;
// S10 takes 34 s, S30 70 s at two places over the products 35.5 + 30 % of 30 s
const WORK: readonly Readonly<Record<string, string | number | boolean>>[] = [
  { Id: "load", Station: "S10", Time: 20, Fixed: true },
  { Id: "wipe", Station: "S10", Time: 14, After: "load" },
  { Id: "join", Station: "S30", Time: 50, After: "load", Fixed: true },
  { Id: "plug", Station: "S30", Time: 20, After: "join" },
  { Id: "wrap", Station: "S120", Time: 33, After: "plug, wipe" },
];
const SHOP = "3 2\n0 3 1 2\n0 4 1 3\n1 4 0 2\n";
let server: TestServer;
let pool: ReturnType<typeof openSimulations>;
let planning: PlanningService;
let view: WorldView;
const folders: string[] = [];

beforeAll(async () => {
  server = await startTestServer(smallPlantWithWork(WORK));
  pool = openSimulations(2);
  view = server.world.view(ENGINEER);
  planning = new PlanningService({
    pool,
    line: lineModelsOf((principal) => server.world.view(principal), NOW, { S30: 500 }),
  });
});
afterAll(async () => {
  await pool.close();
  await server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function fork(name: string): Promise<string> {
  return (await view.fork({ name, parent: LIVE, instant: NOW, reason: name })).id;
}

describe("schedules", () => {
  test("[OP6] the next batches of the mix become a flow shop with set-ups and shifts; simulated, each order has a date with an interval", async () => {
    const { problem, orders, source, start } = await planning.schedule(view, LIVE, 6, 3);
    const schedule = problem as ScheduleProblem;
    expect([source, orders.length, schedule.jobs.length]).toEqual(["program", 6, 6]);
    expect(schedule.machines.map(({ id }) => id)).toEqual(["S10", "S30", "S90", "S120"]);
    expect(schedule.machines[0]!.setUp!.times["WM7"]!["WM9"]).toBe(180);
    const search = createScheduleSearch(schedule, { seed: 1, goal: "makespan" });
    search.advance(3_000);
    const index = indexSchedule(schedule);
    const planned = timePlan(index, search.solution())!;
    expect(scheduleFindings(schedule, planned)).toEqual([]);
    const { makespan } = figuresOf(index, planned);
    const checked = await planning.check(view, LIVE, {
      orders: orders.map((order) => ({ ...order, due: start + 1e12 })),
      replications: 8,
      seed: 1,
      horizonS: 2 * makespan,
    });
    const ends = checked.orders.map(({ median }) => median);
    expect(ends).toEqual(ends.toSorted((a, b) => a! - b!));
    for (const { low, high, unfinished, onTime } of checked.orders) {
      expect(low!).toBeLessThanOrEqual(high!);
      expect([unfinished, onTime]).toEqual([0, 1]);
    }
    await expect(
      planning.check(view, LIVE, { orders: [{ id: "1", product: "Sofa", quantity: 1 }], replications: 3, seed: 1, horizonS: 100 }),
    ).rejects.toThrow("the line does not make the product Sofa");
  });

  test("[SV86] orders that a plan puts onto a branch are what its forecast makes next; live does not know them", async () => {
    const branch = await fork("orders");
    const drawn = await planning.schedule(view, branch, 4, 1);
    expect(drawn.source).toBe("program");
    const problem = drawn.problem as ScheduleProblem;
    const search = createScheduleSearch(problem, { seed: 1, goal: "makespan" });
    search.advance(200);
    await planning.keepSchedule(view, branch, { problem, plan: search.solution(), start: drawn.start, orders: drawn.orders });
    const plannedOn = (id: string) => {
      const { program } = readLine(view.reader(id), NOW)!.lineModel;
      return program?.kind === "batches" ? program.planned : undefined;
    };
    const planned = plannedOn(branch)!;
    expect(planned.map(({ id }) => id).toSorted()).toEqual(drawn.orders.map(({ id }) => id).toSorted());
    expect(planned.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(drawn.orders.reduce((sum, { quantity }) => sum + quantity, 0));
    expect(planned.every(({ start, end }, i) => start <= end && (i === 0 || planned[i - 1]!.start <= start))).toBe(true);
    expect(plannedOn(LIVE)).toBeUndefined();
  });

  test("[OP6] a plan is written onto the branch as documents, read back as the problem it is, and live knows nothing of it", async () => {
    const branch = await fork("plan");
    const problem = readScheduleFile(SHOP, "shop");
    const search = createScheduleSearch(problem, { seed: 1, goal: "makespan" });
    search.advance(500);
    const plan = search.solution();
    await planning.keepSchedule(view, branch, { problem, plan, start: NOW });
    const read = await planning.schedule(view, branch, 5, 1);
    expect(read.source).toBe("documents");
    const again = read.problem as ScheduleProblem;
    // the same operations, jobs in the sequence of the plan
    expect(again.jobs.flatMap(({ operations }) => operations).length).toBe(6);
    const other = createScheduleSearch(again, { seed: 1, goal: "makespan" });
    other.advance(500);
    expect(other.objective).toBe(9);
    // again, with other times: the same submodel
    await planning.keepSchedule(view, branch, { problem, plan, start: NOW + 3_600_000_000 });
    expect(view.reader(branch).query({ kind: "submodel", index: { name: "idShort", value: "ProductionOrders" } })).toHaveLength(1);
    expect(view.reader(LIVE).query({ kind: "submodel", index: { name: "idShort", value: "ProductionOrders" } })).toHaveLength(0);
    expect(view.planMerge(branch).conflicts).toEqual([]);
    await expect(planning.keepSchedule(view, LIVE, { problem, plan, start: NOW })).rejects.toThrow("fork it");
    await expect(
      planning.keepSchedule(view, branch, { problem, plan: { ...plan, order: plan.order.slice(1) }, start: NOW }),
    ).rejects.toThrow("every operation once");
    await expect(
      planning.keepSchedule(view, branch, { problem, plan: { ...plan, order: plan.order.toReversed() }, start: NOW }),
    ).rejects.toThrow("before its predecessor");
  });
});

describe("line balances", () => {
  test("[OP9] the work of the line in measured seconds; moved on a branch, the station of each element and the cycles follow, and the simulated means are those that were promised", async () => {
    const { work: told, source } = await planning.work(view, LIVE);
    const work = told as LineWork;
    expect([source, work.stations.map(({ id, places }) => [id, places])]).toEqual([
      "history",
      [
        ["S10", 1],
        ["S30", 2],
        ["S120", 1],
      ],
    ]);
    const problem = balanceOfWork(work);
    const search = new BalanceSearch(problem, { seed: 1 });
    expect(runSearch(search, { iterations: 2_000 })).toBe("finished");
    const branch = await fork("balance");
    const meanOn = (id: string, station: string) => {
      const { lineModel } = readLine(view.reader(id), NOW)!;
      return mixPieceS(
        lineModel,
        lineModel.stations.find((one) => one.id === station)!,
      );
    };
    const before = ["S10", "S30", "S120"].map((id) => meanOn(branch, id));
    // wipe does not need S10: to S30
    expect(await planning.keepWork(view, branch, { wipe: "S30", load: "S10" })).toBe(3);
    const after = ["S10", "S30", "S120"].map((id) => meanOn(branch, id));
    const seconds = stationSeconds(
      work,
      work.elements.map(({ id, station }) => (id === "wipe" ? 1 : station)),
    );
    for (const [i, { places }] of work.stations.entries()) expect(after[i]! / places).toBeCloseTo(seconds[i]!, 1);
    expect(after[0]).toBeLessThan(before[0]!);
    expect(after[2]).toBe(before[2]);
    const again = (await planning.work(view, branch)).work as LineWork;
    expect(again.elements.find(({ id }) => id === "wipe")!.station).toBe(1);
    expect(((await planning.work(view, LIVE)).work as LineWork).elements.find(({ id }) => id === "wipe")!.station).toBe(0);
    expect(view.planMerge(branch).conflicts).toEqual([]);
    await expect(planning.keepWork(view, LIVE, { wipe: "S30" })).rejects.toThrow("fork it");
    await expect(planning.keepWork(view, branch, { join: "S10" })).rejects.toThrow("join can only be done at its present station");
    await expect(planning.keepWork(view, branch, { plug: "S10" })).rejects.toThrow("plug would be done before join");
    await expect(planning.keepWork(view, branch, { wrap: "S90" })).rejects.toThrow("no work can be moved to S90");
    await expect(planning.keepWork(view, branch, { sofa: "S10" })).rejects.toThrow("no work element sofa");
  });
});

describe("charges", () => {
  const charge: BlendRequest = {
    productKg: 1_000,
    materials: [
      { name: "scrap", costPerKg: 0.2, availableKg: 5_000, content: { Cu: 0.006, C: 0.01 } },
      { name: "pig iron", costPerKg: 0.5, content: { Cu: 0.0005, C: 0.04 } },
    ],
    limits: [
      { element: "Cu", high: 0.003 },
      { element: "C", low: 0.005, high: 0.03 },
    ],
  };

  test("[OP6] the optimum by hand, what a limit costs, and the same read back from the documents of a branch", async () => {
    // 5.5 x = 2.5 kg·1000/1000: scrap 454.5 kg, the rest pig iron
    const answer = await solveBlend(charge);
    expect(answer.status).toBe("optimal");
    expect(answer.masses![0]!.kg).toBeCloseTo((1_000 * (0.003 - 0.0005)) / 0.0055, 4);
    expect(answer.analysis![0]!.share).toBeCloseTo(0.003, 9);
    // one kilogram more of copper lets 1/0.0055 kg of pig iron be scrap
    expect(answer.prices!.find(({ row }) => row === "Cu")).toMatchObject({ limit: "upper", at: 3, unit: "kg" });
    expect(answer.prices!.find(({ row }) => row === "Cu")!.saves).toBeCloseTo(0.3 / 0.0055, 4);
    const branch = await fork("charge");
    await planning.keepCharge(view, branch, charge, answer);
    expect(planning.charge(view, branch)).toEqual(charge);
    expect(planning.charge(view, LIVE)).toBeUndefined();
  });

  test("[OP7] limits that conflict are named: not one too many, and by how much the least has to give", async () => {
    const solver = createHighsSolver();
    const impossible = {
      ...charge,
      limits: [
        { element: "Cu", high: 0.0003 },
        { element: "C", low: 0.005, high: 0.05 },
      ],
    };
    const answer = await answerBlend(impossible, solver);
    expect(answer.status).toBe("infeasible");
    // even pure pig iron has 0.5 kg of copper in 1,000: its most of 0.3 kg and the product are what conflicts
    expect(answer.conflict!.map(({ row, limit }) => `${row} ${limit}`).toSorted()).toEqual(["Cu upper", "product lower"]);
    expect(answer.conflict!.reduce((sum, { by }) => sum + by, 0)).toBeGreaterThan(0.19);
    const short = await answerBlend({ ...charge, materials: charge.materials.map((one) => ({ ...one, availableKg: 300 })) }, solver);
    expect(short.conflict!.map(({ row }) => row).toSorted()).toEqual(["pig iron", "product", "scrap"]);
    const pieces = await answerBlend({ ...charge, materials: charge.materials.map((one) => ({ ...one, pieceKg: 40 })) }, solver);
    expect(pieces.status).toBe("optimal");
    expect(pieces.masses!.every(({ kg, pieces: count }) => kg === 40 * count!)).toBe(true);
    expect(pieces.prices).toEqual([]);
  });
});

describe("layouts", () => {
  test("[OP6] stations where the scene has them; a better layout moves them there, in documents and scene alike, and what overlaps is refused", async () => {
    const branch = await fork("layout");
    const { problem, source } = await planning.layout(view, branch);
    const layout = problem as LayoutProblem;
    expect(source).toBe("history");
    expect(layout.machines.length).toBeGreaterThan(4);
    const search = new LayoutSearch({ ...layout, moveCost: 50 }, { seed: 1 });
    const before = search.objective;
    search.advance(20_000);
    const places = search.solution();
    expect(search.objective).toBeLessThan(before);
    const moved = layout.machines.filter(({ x, y }, i) => places[i]!.x !== x || places[i]!.y !== y);
    expect(moved.length).toBeGreaterThan(0);
    expect(await planning.keepLayout(view, branch, layout, places)).toBeGreaterThan(0);
    const after = (await planning.layout(view, branch)).problem as LayoutProblem;
    for (const [i, { id }] of layout.machines.entries()) {
      const now = after.machines.find((one) => one.id === id)!;
      expect(Math.abs(now.x - places[i]!.x)).toBeLessThan(0.11);
      expect(Math.abs(now.y - places[i]!.y)).toBeLessThan(0.11);
    }
    const onto = layout.machines.map(() => ({ x: layout.machines[0]!.x, y: layout.machines[0]!.y, turned: false }));
    expect(layoutFindings(layout, onto).length).toBeGreaterThan(0);
    await expect(planning.keepLayout(view, branch, layout, onto)).rejects.toThrow("this layout is not possible");
  });
});

describe("searches", () => {
  let count = 0;
  async function service(folder = mkdtempSync(join(tmpdir(), "doppelwerk-searches-")), damaged: string[] = []) {
    folders.push(folder);
    const ids = { next: (kind: string) => `${kind}:${String(++count)}` };
    const { jobs, carryOut, close } = await openSimulateJobs(join(folder, "jobs"), 1);
    const searches = new SearchService({ jobs, earlier: new EarlierFolder(folder), ids, onDamage: (file) => damaged.push(file) });
    await searches.open();
    carryOut({ "simulate.search": (job, run) => searches.carryOut(job, run) });
    return { folder, searches, jobs, close };
  }
  const request = (fields: object): SearchRequest => searchBody.parse({ title: "t", seconds: 60, ...fields }) as SearchRequest;
  async function until(searches: SearchService, id: string, states: readonly SearchState["state"][]): Promise<SearchState> {
    while (!states.includes((await searches.get(id)).state)) await new Promise((resolve) => setTimeout(resolve, 10));
    return searches.get(id);
  }
  const over = ["done", "cancelled", "failed"] as const;
  const qap = `9\n${Array.from({ length: 18 }, (_, i) => Array.from({ length: 9 }, (_each, j) => (i % 9 === j ? 0 : 1 + ((7 * Math.min(i % 9, j) + 3 * Math.max(i % 9, j) + i - (i % 9)) % 9))).join(" ")).join("\n")}\n`;

  test("[OP5] every kind is started, followed and answered in one way; what cannot be is refused before a thread starts", async () => {
    const { searches, close } = await service();
    const requests = [
      request({ kind: "schedule", problem: readScheduleFile(SHOP, "shop"), iterations: 2_000 }),
      request({ kind: "flow-shop", text: "3 2\n4 1\n1 4\n3 3\n", iterations: 50 }),
      request({
        kind: "line-balancing",
        text: "<number of tasks>\n2\n<cycle time>\n5\n<task times>\n1 3\n2 2\n<precedence relations>\n1,2\n<end>\n",
        iterations: 500,
      }),
      request({ kind: "qap", text: qap, iterations: 2_000 }),
    ];
    const started = [];
    for (const one of requests) started.push(await searches.start(one, "person:1"));
    expect(started.map(({ state }) => state)).toEqual(["running", "queued", "queued", "queued"]);
    const answers = [];
    for (const { id } of started) answers.push(await until(searches, id, over));
    expect(answers.map(({ state, message }) => [state, message])).toEqual(answers.map(() => ["done", undefined]));
    expect(answers.slice(0, 3).map(({ objective, lowerBound, end }) => [objective, lowerBound, end])).toEqual([
      [9, 9, "finished"],
      [9, 9, "finished"],
      [1, 1, "finished"],
    ]);
    const plan = answers[0]!.solution as SchedulePlan;
    const problem = readScheduleFile(SHOP, "shop");
    expect(figuresOf(indexSchedule(problem), timePlan(indexSchedule(problem), plan)!).makespan).toBe(9);
    await expect(searches.start(request({ kind: "flow-shop", text: "3 2\n1" }), "person:1")).rejects.toThrow("line 2");
    await expect(searches.start(request({ kind: "qap", text: "2\n0 x" }), "person:1")).rejects.toThrow("not a number");
    await close();
  });

  test("[OP5] stopped with the server and gone on with it is the same answer; cancelled, the best so far stays", async () => {
    // two things must never be the best at once, so that it goes on for its whole budget
    // long enough to be stopped half-way: what is reached is known twice a second
    const long = request({ kind: "qap", text: qap, iterations: 600_000, seed: 3 });
    const straight = await service();
    const whole = await until(straight.searches, (await straight.searches.start(long, "person:1")).id, over);
    const first = await service();
    const { id } = await first.searches.start(long, "person:1");
    while ((await first.searches.get(id)).iterations === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.close();
    const again = await service(first.folder);
    const second = again.searches;
    expect(await second.request(id)).toEqual(long);
    const resumed = await until(second, id, over);
    expect(resumed).toMatchObject({ state: "done", objective: whole.objective, solution: whole.solution, iterations: whole.iterations });
    expect([resumed.end, resumed.resumed]).toEqual(["iterations", 1]);
    const endless = request({ kind: "qap", text: qap, iterations: 1e9 });
    const cancelled = (await second.start(endless, "person:1")).id;
    const waiting = (await second.start(endless, "person:1")).id;
    await second.cancel(waiting);
    expect((await second.get(waiting)).state).toBe("cancelled");
    while ((await second.get(cancelled)).objective === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await second.cancel(cancelled);
    expect(await until(second, cancelled, over)).toMatchObject({ state: "cancelled", end: "cancelled", objective: whole.objective });
    await Promise.all([again.close(), straight.close()]);
  });

  test("[OP10] a search and a charge are requested with their former names too", () => {
    const fields = { title: "t", text: "3 2\n1 2\n3 4\n5 6\n" };
    const requested = (kind: object): SearchRequest => searchBody.parse({ ...fields, ...kind } as SearchRequest);
    expect(requested({ what: "flow-shop" })).toEqual(requested({ kind: "flow-shop" }));
    expect(() => requested({ what: "none" })).toThrow("kind");
    const charge = { productKg: 1, materials: [{ name: "A", costPerKg: 1, content: {} }], limits: [] };
    expect(keepBlendBody.parse({ wish: charge })).toEqual({ request: charge });
  });

  test("[OP5] [OP10] searches of an earlier version are there; one that was under way is resumed, a state of other code begins again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-searches-"));
    const asked = request({ kind: "qap", text: qap, iterations: 2_000, seed: 3 });
    const kept = { what: "qap", title: "t", iterations: 7, budget: 2_000, seed: 3, startedAt: 5, resumed: 2 };
    for (const [name, state] of [
      ["done", { ...kept, id: "search:done", state: "done", end: "iterations", objective: 4, solution: [1, 0], finishedAt: 9 }],
      ["cut", { ...kept, id: "search:cut", state: "running" }],
    ] as const) {
      writeFileSync(join(folder, `search_${name}.json`), JSON.stringify(state));
      const { kind: what, ...fields } = asked;
      writeFileSync(join(folder, `search_${name}.wish.gz`), gzipSync(JSON.stringify({ what, ...fields })));
    }
    writeFileSync(join(folder, "search_cut.state"), "of other code");
    writeFileSync(join(folder, "search_torn.json"), "{");
    const damaged: string[] = [];
    const { searches, close } = await service(folder, damaged);
    expect(damaged).toEqual(["search_torn.json"]);
    expect(await searches.get("search:done")).toMatchObject({
      kind: "qap",
      what: "qap",
      state: "done",
      end: "iterations",
      objective: 4,
      startedAt: 5,
      finishedAt: 9,
    });
    expect(await searches.request("search:done")).toEqual(asked);
    const resumed = await until(searches, "search:cut", over);
    expect(resumed).toMatchObject({ state: "done", end: "iterations", iterations: 2_000, resumed: 3 });
    await close();
  });
});

import type { BlendAnswer, BlendRequest, LineBalanceWork, LineLayout, LineSchedule, SequenceCheck } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { LineDocuments, LineModels, OrderPlans } from "@doppelwerk/ports";
import { modelOf, type LineModel } from "@doppelwerk/sim";
import {
  checkLayoutProblem,
  checkScheduleProblem,
  drawnOrders,
  indexSchedule,
  layoutFindings,
  scheduleOfLine,
  timePlan,
  type LayoutPlace,
  type LayoutProblem,
  type LineOrder,
  type SchedulePlan,
  type ScheduleProblem,
} from "@doppelwerk/sim/optimise";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { BranchId, ElementRecord, Instant, RecordId, WorldView } from "@doppelwerk/world";
import type { Simulations, SimulationTask } from "../decide/simulations.ts";
import { putSubmodel } from "./documents.ts";
import { lineWork, workChanges } from "./line-work.ts";
import { chargeSubmodel, inSequence, ordersSubmodel, readCharge, readOrders } from "./planning-documents.ts";
import { modelOfOrders, orderTimes } from "./sequence-check.ts";

export interface PlanningOptions {
  readonly pool: Simulations;
  readonly line: Pick<LineModels, "experiment" | "documents">;
  /** Orders of people and other systems; undefined while nobody has any. */
  plans?(): OrderPlans | undefined;
}

const CHECK_STEP_S = 60;
const HORIZON_MAX_S = 14 * 86_400;
/** What is left around the line when the floor is not known. */
const MARGIN_M = 6;
const CLEARANCE_M = 0.8;

/** What the other optimisers take from the twin and give back to a branch: orders and schedules, charges, layouts. Nothing of it ever writes to live. */
export class PlanningService {
  readonly #options: PlanningOptions;

  constructor(options: PlanningOptions) {
    this.#options = options;
  }

  /** The orders of a branch as a schedule: those of its documents, else the next batches as the product mix would have them. */
  async schedule(view: WorldView, branch: BranchId, count: number, seed: number, line?: RecordId): Promise<LineSchedule> {
    const kept = readOrders(view.reader(branch));
    if (kept?.shop) return { problem: kept.shop, start: view.branch(branch).instant, source: "documents", orders: [] };
    const { model, start } = await this.#fitted(view, branch, line);
    const open = (await this.#options.plans?.()?.open(view.principal, branch, line)) ?? [];
    const known = open.length > 0 ? open.slice(0, count) : (kept?.orders ?? []);
    const orders = known.length > 0 ? known : drawnOrders(model, count, seed);
    if (orders.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noOrders"));
    return {
      problem: checkScheduleProblem(scheduleOfLine(model, orders, start)),
      start,
      source: known.length > 0 ? "documents" : "program",
      orders,
    };
  }

  /** A sequence of orders on the simulated line, from its start empty: when each is done, with everything that varies. */
  async check(
    view: WorldView,
    branch: BranchId,
    {
      line,
      orders,
      replications,
      seed,
      horizonS,
    }: {
      readonly line?: RecordId | undefined;
      readonly orders: readonly LineOrder[];
      readonly replications: number;
      readonly seed: number;
      readonly horizonS: number;
    },
    signal?: AbortSignal,
  ): Promise<SequenceCheck> {
    const experiment = await this.#options.line.experiment(view.principal, branch, { line, kind: "study", seed, shifts: 1 });
    const { start } = experiment;
    const known = new Set(experiment.branch.edited.products.map(({ id }) => id));
    const stranger = orders.find(({ product }) => !known.has(product));
    if (stranger) throw new DoppelwerkError("DW_INVALID", message("simulate.lineMakesNoProduct", { product: stranger.product }));
    const simulated = Math.min(HORIZON_MAX_S, Math.max(3_600, horizonS));
    const options = {
      kind: "study" as const,
      seed,
      start,
      horizonS: simulated,
      warmUpS: 0,
      outputStepS: CHECK_STEP_S,
      drawParameters: true,
    };
    const tasks = Array.from({ length: replications }, (_, replication): SimulationTask => ({
      model: 0,
      options: { ...options, replication },
    }));
    const models = [modelOfOrders(experiment.branch, orders)];
    const outcomes = await this.#options.pool.run({ models, tasks, priority: 0 }, undefined, signal);
    return {
      replications,
      horizonS: simulated,
      orders: orderTimes(
        orders,
        outcomes.map(({ output }) => output),
        start,
      ),
    };
  }

  /** Writes a plan onto the branch as the submodel `ProductionOrders` of the line (or of a shell that is named). */
  async keepSchedule(
    view: WorldView,
    branch: BranchId,
    request: {
      readonly line?: RecordId | undefined;
      readonly problem: ScheduleProblem;
      readonly plan: SchedulePlan;
      readonly start: Instant;
      readonly orders?: readonly LineOrder[];
      readonly shell?: string;
    },
  ): Promise<void> {
    refuseLive(branch);
    const problem = checkScheduleProblem(request.problem);
    const planned = timePlan(indexSchedule(problem), checkedPlan(problem, request.plan));
    if (!planned) throw new DoppelwerkError("DW_INVALID", message("simulate.planTakesOperationBeforePredecessor"));
    const shell = request.shell ?? (await this.#documents(view, branch, request.line)).shell;
    await putSubmodel(
      view,
      branch,
      shell,
      ordersSubmodel(
        `${shell}/production-orders`,
        problem,
        request.plan,
        request.start,
        request.orders && request.orders.length > 0 ? request.orders : undefined,
      ),
      `schedule: ${problem.title}`,
    );
    if (request.orders === undefined || request.orders.length === 0) return;
    const plans = this.#options.plans?.();
    const open = new Set((await plans?.open(view.principal, branch, request.line))?.map(({ id }) => id));
    const sequence = inSequence(problem, request.plan).filter((id) => open.has(id));
    if (sequence.length > 0) await plans?.sequence(view.principal, branch, sequence);
  }

  charge(view: WorldView, branch: BranchId): BlendRequest | undefined {
    return readCharge(view.reader(branch));
  }

  async keepCharge(view: WorldView, branch: BranchId, request: BlendRequest, answer: BlendAnswer, shell?: string): Promise<void> {
    refuseLive(branch);
    const on = shell ?? (await this.#documents(view, branch)).shell;
    await putSubmodel(view, branch, on, chargeSubmodel(`${on}/charge`, request, answer), "charge");
  }

  /** The work of the line in its elements, with times as they were measured. */
  async work(view: WorldView, branch: BranchId, line?: RecordId): Promise<LineBalanceWork> {
    const plant = await this.#documents(view, branch, line);
    const work = lineWork(plant, (await this.#fitted(view, branch, line)).model);
    const recorded = new Set(plant.stations.filter(({ partsAShift }) => partsAShift !== undefined).map(({ id }) => id));
    return { work, source: work.stations.some(({ id }) => recorded.has(id)) ? "history" : "documents" };
  }

  /** Writes onto the branch where elements are done, and what that makes of the cycles of their stations. */
  async keepWork(view: WorldView, branch: BranchId, stationOf: Readonly<Record<string, string>>, line?: RecordId): Promise<number> {
    refuseLive(branch);
    const plant = await this.#documents(view, branch, line);
    const changes = workChanges(view.reader(branch), plant, (await this.#fitted(view, branch, line)).model, stationOf);
    if (changes.length > 0) await view.apply({ branch, reason: message("changes.logBalance"), changes: changes as never });
    return changes.length;
  }

  /** Stations as rectangles where the scene has them, and what flows between them. */
  async layout(view: WorldView, branch: BranchId, id?: RecordId): Promise<LineLayout> {
    const line = await this.#documents(view, branch, id);
    const parts = new Map(line.stations.map(({ id, partsAShift }) => [id, partsAShift]));
    const machines = line.footprints.flatMap(({ station: id, ...footprint }) => {
      const station = line.stations.find((candidate) => candidate.id === id);
      if (!station) return [];
      const { centre, lengthM, depthM, turn } = footprint;
      const isTurned = Math.abs(Math.sin(turn)) > 0.7;
      return [
        {
          id,
          label: station.title.en.startsWith(id) ? station.title.en : `${id} ${station.title.en}`,
          x: tenth(centre[0]),
          y: tenth(centre[1]),
          width: isTurned ? depthM : lengthM,
          depth: isTurned ? lengthM : depthM,
          ...(station.layout ? {} : { fixed: true }),
        },
      ];
    });
    const index = new Map(machines.map(({ id }, i) => [id, i]));
    let isRecorded = false;
    const flows = line.flows.flatMap(({ from, to, kind }) => {
      const [a, b] = [index.get(from), index.get(to)];
      if (a === undefined || b === undefined) return [];
      const recorded = parts.get(kind === "reject" ? to : from);
      if (recorded !== undefined) isRecorded = true;
      return [{ from: a, to: b, amount: recorded ?? (kind === "main" || kind === "assembly" ? 1 : 0.05) }];
    });
    const xs = machines.flatMap(({ x, width }) => [x - width / 2, x + width / 2]);
    const ys = machines.flatMap(({ y, depth }) => [y - depth / 2, y + depth / 2]);
    const [left, right, near, far] = [
      Math.min(...xs) - MARGIN_M,
      Math.max(...xs) + MARGIN_M,
      Math.min(...ys) - MARGIN_M,
      Math.max(...ys) + MARGIN_M,
    ];
    return {
      source: isRecorded ? "history" : "takt",
      problem: {
        format: "doppelwerk-layout/1",
        floor: { x: (left + right) / 2, y: (near + far) / 2, width: right - left, depth: far - near },
        aisles: [],
        clearance: CLEARANCE_M,
        machines,
        flows,
        moveCost: 0,
      } satisfies LayoutProblem,
    };
  }

  /** Writes the moves of a layout onto the branch: position and rotation in the submodel `Layout` of each station that moves. */
  async keepLayout(
    view: WorldView,
    branch: BranchId,
    given: LayoutProblem,
    places: readonly LayoutPlace[],
    id?: RecordId,
  ): Promise<number> {
    refuseLive(branch);
    const problem = checkLayoutProblem(given);
    if (places.length !== problem.machines.length) throw new DoppelwerkError("DW_INVALID", message("simulate.placeEveryMachineNeeded"));
    const before = layoutFindings(
      problem,
      problem.machines.map(({ x, y }) => ({ x, y, turned: false })),
    );
    const [finding] = layoutFindings(problem, places).filter((one) => !before.includes(one));
    if (finding !== undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.layoutCannot", { finding }));
    const line = await this.#documents(view, branch, id);
    const reader = view.reader(branch);
    const changes = problem.machines.flatMap(({ id, x, y }, i) => {
      const place = places[i]!;
      const layout = line.stations.find((station) => station.id === id)?.layout;
      if (!layout || (place.x === x && place.y === y && !place.turned)) return [];
      const { elements } = layout;
      // the scene's z is the floor's −y
      const wanted = [
        [elements.x, layout.x + place.x - x],
        [elements.y, layout.y - (place.y - y)],
        [elements.rotation, layout.rotation + (place.turned ? 90 : 0)],
      ] as const;
      return wanted.flatMap(([element, value]) => {
        const record = element === undefined ? undefined : (reader.get(element) as ElementRecord | undefined);
        if (!record || Number(record["value"]) === value) return [];
        return [
          { op: "update" as const, id: record.id, fields: { value: { from: record["value"], to: String(Number(value.toFixed(3))) } } },
        ];
      });
    });
    if (changes.length > 0) await view.apply({ branch, reason: message("changes.logLayout"), changes: changes as never });
    return changes.length;
  }

  #documents(view: WorldView, branch: BranchId, line?: RecordId): Promise<LineDocuments> {
    return this.#options.line.documents(view.principal, branch, line);
  }

  async #fitted(view: WorldView, branch: BranchId, line?: RecordId): Promise<{ readonly model: LineModel; readonly start: Instant }> {
    const experiment = await this.#options.line.experiment(view.principal, branch, { line, kind: "study", seed: 1, shifts: 1 });
    return { model: modelOf(experiment.branch, { seed: 1, replication: 0, drawParameters: false }), start: experiment.start };
  }
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function refuseLive(branch: BranchId): void {
  if (branch === LIVE) throw new DoppelwerkError("DW_INVALID", message("simulate.plantItselfNotPlanned"));
}

/** A plan of unknown origin: every operation once, every choice there. */
function checkedPlan(problem: ScheduleProblem, plan: SchedulePlan): SchedulePlan {
  const { count, first, jobOf } = indexSchedule(problem);
  const isWhole =
    plan.order.length === count &&
    new Set(plan.order).size === count &&
    plan.order.every((op) => Number.isInteger(op) && op >= 0 && op < count);
  const isChosen =
    plan.choice.length === count &&
    plan.choice.every((choice, op) => problem.jobs[jobOf[op]!]!.operations[op - first[jobOf[op]!]!]!.choices[choice] !== undefined);
  if (!isWhole || !isChosen) throw new DoppelwerkError("DW_INVALID", message("simulate.planMustHoldEveryOperationOnce"));
  return plan;
}

import { packMemory } from "../kernel/memory.ts";
import { hashText, mixBytes } from "../kernel/trace-hash.ts";
import { type LittlesLaw, littlesLawOf } from "../statistics/littles-law.ts";
import { isWorking } from "./flow-model.ts";
import { BUFFER, CONVEYOR, CUSTOM, type FlowNode, ROBOT, SINK, SOURCE, STATION } from "./compiled-flow.ts";
import { contextOf } from "./custom-component.ts";
import type { FlowCore } from "./flow-core.ts";
import { DONE, LEAD_BINS, ROOM, STATES, type StationState, stationStates } from "./flow-memory.ts";
import { leadOfBin } from "./items.ts";
import { MICROSECONDS } from "./flow-time.ts";

/** The figures of one replication. Seconds; shares 0–1. */
export interface FlowResult {
  readonly seed: number;
  readonly replication: number;
  readonly warmUpS: number;
  readonly measuredS: number;
  readonly endS: number;
  readonly events: number;
  readonly traceHash: string;
  /** Items out of sinks that count good, and a second of them. */
  readonly good: number;
  readonly throughputPerS: number;
  readonly throughputPerHour: number;
  readonly goodByProduct: Readonly<Record<string, number>>;
  /** Mean seconds from arrival to the sink; without products of which none came out. */
  readonly leadTimeByProduct: Readonly<Record<string, number>>;
  readonly scrap: number;
  readonly lost: number;
  /** From arrival (saturated sources: from the beginning of the way) to the sink. */
  readonly leadTime: {
    readonly count: number;
    readonly meanS: number;
    readonly p50S: number;
    readonly p90S: number;
    readonly p95S: number;
    readonly p99S: number;
    readonly maxS: number;
  };
  readonly wip: { readonly mean: number; readonly max: number; readonly end: number };
  readonly components: Readonly<Record<string, ComponentFigures>>;
  readonly tanks: Readonly<Record<string, TankFigures>>;
  readonly pipes: Readonly<Record<string, { readonly litres: number; readonly rateMeanLps: number }>>;
  readonly operators: Readonly<Record<string, { readonly busyMean: number; readonly utilisation: number }>>;
  readonly limits: Readonly<Record<string, { readonly usedMean: number; readonly utilisation: number }>>;
  readonly fleets: Readonly<Record<string, { readonly utilisation: number }>>;
  /** Share of the time not idle, and items put down. */
  readonly robots: Readonly<Record<string, { readonly utilisation: number; readonly picks: number }>>;
  readonly bottleneck: string | undefined;
  /** Components that hold each other's room round in a circle at the end: none of them can ever move again. */
  readonly deadlock: readonly string[];
  readonly energyKWh: number;
  readonly littlesLaw: LittlesLaw;
  readonly conservation: FlowConservation;
  readonly series: readonly number[];
}

export interface QueueFigures {
  readonly in: number;
  readonly out: number;
  readonly contentMean: number;
  readonly contentMax: number;
  readonly contentEnd: number;
  /** Mean time inside of those that left; 0 when none did. */
  readonly stayMeanS: number;
  /** Share of those that left that stayed longer than no time. */
  readonly waitedShare: number;
}

export interface ComponentFigures extends QueueFigures {
  readonly type: string;
  /** Slots or inputs of a station, by name. */
  readonly queues?: Readonly<Record<string, QueueFigures>>;
  /** Of the time of its places; adds up to 1. */
  readonly shares?: Readonly<Record<StationState, number>>;
  readonly utilisation?: number;
  readonly cycles?: number;
  readonly failures?: number;
  readonly rejected?: number;
  readonly scrapped?: number;
  readonly lost?: number;
  readonly energyKWh?: number;
  readonly litresTaken?: number;
  readonly litresGiven?: number;
  readonly own?: Readonly<Record<string, number>>;
}

export interface TankFigures {
  readonly levelMeanL: number;
  readonly levelEndL: number;
  readonly emptyShare: number;
  readonly fullShare: number;
}

/** Over the whole run: everything that came in is somewhere. `inside` is counted by looking. */
export interface FlowConservation {
  readonly entered: number;
  readonly made: number;
  readonly good: number;
  readonly scrapped: number;
  readonly lost: number;
  readonly joined: number;
  readonly inside: number;
  /** Litres that came in and are neither out nor in a tank; of the size of rounding. */
  readonly litresMissing: number;
  readonly balanced: boolean;
}

/** Reads only: asking changes nothing. */
export function flowResult(flow: FlowCore, seed: number, replication: number): FlowResult {
  const { memory, compiled, events } = flow;
  const measured = Math.max(0, events.now - memory.measuredFrom) / MICROSECONDS;
  const perS = measured > 0 ? memory.good / measured : 0;
  const components: Record<string, ComponentFigures> = {};
  compiled.model.components.forEach((component, index) => {
    const nodes = compiled.nodesOfComponent[index]!.map((node) => compiled.nodes[node]!);
    if (nodes.length > 0) components[component.id] = componentFigures(flow, nodes, measured);
  });
  const inside = lookInside(flow);
  const integral = memory.everIntegral + memory.inside * events.now;
  const sojourn = memory.everSojourn + inside.sojourn;
  return {
    seed,
    replication,
    warmUpS: memory.measuredFrom / MICROSECONDS,
    measuredS: measured,
    endS: events.now / MICROSECONDS,
    events: events.count,
    traceHash: traceHashOf(flow),
    good: memory.good,
    throughputPerS: perS,
    throughputPerHour: perS * 3600,
    goodByProduct: Object.fromEntries(compiled.products.map((product, index) => [product, memory.goodByProduct[index]!])),
    leadTimeByProduct: Object.fromEntries(
      compiled.products.flatMap((product, index) => {
        const count = memory.goodByProduct[index]!;
        return count > 0 ? [[product, memory.leadByProduct[index]! / count / MICROSECONDS]] : [];
      }),
    ),
    scrap: memory.scrap,
    lost: memory.lostAll,
    leadTime: leadTimes(flow),
    wip: {
      mean: measured > 0 ? (memory.insideIntegral + memory.inside * events.now) / MICROSECONDS / measured : memory.inside,
      max: memory.insideMost,
      end: memory.inside,
    },
    components,
    ...fluidFigures(flow, measured),
    ...useOfMeans(flow, measured),
    bottleneck: bottleneckOf(components),
    deadlock: deadlockOf(flow),
    energyKWh: Object.values(components).reduce((sum, { energyKWh }) => sum + (energyKWh ?? 0), 0),
    littlesLaw: littlesLawOf(integral, sojourn),
    conservation: conservationOf(flow, inside),
    series: Array.from(memory.series.subarray(0, memory.seriesCount)),
  };
}

/** How much of operators, limits, fleets and robots was in use. */
function useOfMeans(
  { memory, compiled, events }: FlowCore,
  measured: number,
): Pick<FlowResult, "operators" | "limits" | "fleets" | "robots"> {
  return {
    operators: Object.fromEntries(
      compiled.groups.map((group, index) => {
        const busy = measured > 0 ? (memory.groupTime[index]! + memory.groupUsed[index]! * events.now) / MICROSECONDS / measured : 0;
        return [group.id, { busyMean: busy, utilisation: group.count > 0 ? busy / group.count : 0 }];
      }),
    ),
    limits: Object.fromEntries(
      compiled.limits.map((limit, index) => {
        const used = measured > 0 ? (memory.limitTime[index]! + memory.limitUsed[index]! * events.now) / MICROSECONDS / measured : 0;
        return [limit.id, { usedMean: used, utilisation: used / limit.count }];
      }),
    ),
    fleets: Object.fromEntries(
      compiled.network.fleets.map((fleet) => {
        let busy = 0;
        for (let vehicle = fleet.firstVehicle; vehicle < fleet.firstVehicle + fleet.vehicles; vehicle++)
          busy += memory.vehicleTime[vehicle]! + (memory.vehiclePhase[vehicle] === 0 ? 0 : events.now);
        return [fleet.id, { utilisation: measured > 0 ? busy / MICROSECONDS / measured / fleet.vehicles : 0 }];
      }),
    ),
    robots: Object.fromEntries(
      compiled.robots.robots.map(({ id }, robot) => {
        const busy = memory.robotTime[robot]! + (memory.robotPhase[robot] === 0 ? 0 : events.now);
        return [id, { utilisation: measured > 0 ? busy / MICROSECONDS / measured : 0, picks: memory.robotPicks[robot]! }];
      }),
    ),
  };
}

function conservationOf(flow: FlowCore, inside: ReturnType<typeof lookInside>): FlowResult["conservation"] {
  const { memory } = flow;
  const { everEntered: entered, everMade: made, everGood: good, everScrapped: scrapped, everLost: lost, everJoined: joined } = memory;
  return {
    entered,
    made,
    good,
    scrapped,
    lost,
    joined,
    inside: inside.count,
    litresMissing: litresMissing(flow),
    balanced:
      Math.abs(litresMissing(flow)) < 1e-6 &&
      entered + made === good + scrapped + lost + joined + inside.count &&
      inside.count === memory.inside &&
      inside.countsAgree,
  };
}

/** Over every event carried out and the present state. */
export function traceHashOf(flow: FlowCore): string {
  const hash = { hashA: flow.events.hashA, hashB: flow.events.hashB };
  mixBytes(hash, packMemory([flow.events, flow.memory]));
  return hashText(hash);
}

function componentFigures(flow: FlowCore, nodes: readonly FlowNode[], measured: number): ComponentFigures {
  const { memory, compiled } = flow;
  const main = nodes.at(-1)!;
  const component = compiled.model.components[main.component]!;
  const figures = queueFigures(flow, main, measured);
  const base = { type: component.type, ...figures };
  if (main.kind === SOURCE) return { ...base, ...(main.source!.loses ? { lost: memory.lost[main.index]! } : {}) };
  if (main.kind === CUSTOM)
    return { ...base, scrapped: memory.scrapped[main.index]!, own: { ...main.definition!.figures?.(contextOf(flow, main)) } };
  if (main.kind !== STATION) return main.kind === SINK ? { ...base, out: figures.in } : base;
  const seconds = stateSeconds(flow, main);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  const shares = Object.fromEntries(stationStates.map((state, index) => [state, total > 0 ? seconds[index]! / total : 0])) as Record<
    StationState,
    number
  >;
  const energy = isWorking(component) ? component.energy : undefined;
  const watts = [
    energy?.workingW,
    energy?.setUpW,
    energy?.idleW,
    energy?.idleW,
    energy?.failedW,
    energy?.failedW,
    energy?.failedW,
    energy?.idleW,
    energy?.offW,
  ];
  const sum = (column: Float64Array): number => {
    let all = 0;
    for (let place = main.firstPlace; place < main.firstPlace + main.places; place++) all += column[place]!;
    return all;
  };
  return {
    ...base,
    ...(nodes.length > 1
      ? {
          queues: Object.fromEntries(
            nodes.slice(0, -1).map((node) => [node.id.slice(node.id.lastIndexOf(".") + 1), queueFigures(flow, node, measured)]),
          ),
        }
      : {}),
    shares,
    utilisation: shares.working,
    cycles: sum(memory.cycles),
    ...(main.hasStops ? { failures: sum(memory.failures) } : {}),
    ...(main.rejectByTry.length > 0 ? { rejected: memory.rejects[main.index]! } : {}),
    scrapped: memory.scrapped[main.index]!,
    ...(main.takes.length > 0 ? { litresTaken: memory.litresTaken[main.index]! } : {}),
    ...(main.gives.length > 0 ? { litresGiven: memory.litresGiven[main.index]! } : {}),
    ...(energy === undefined ? {} : { energyKWh: seconds.reduce((kWh, value, index) => kWh + (value * (watts[index] ?? 0)) / 3.6e6, 0) }),
  };
}

/** Books as they would be now, without touching them: flows are constant since they were last brought up to date. */
function fluidFigures(flow: FlowCore, measured: number): Pick<FlowResult, "tanks" | "pipes"> {
  const { memory, compiled, events } = flow;
  const { tanks, pipes } = compiled.fluids;
  const since = (events.now - memory.fluidSince) / MICROSECONDS;
  const levels = levelsNow(flow);
  const per = (value: number): number => (measured > 0 ? value / measured : 0);
  return {
    tanks: Object.fromEntries(
      tanks.map(({ id, capacity, tolerance }, tank) => {
        const before = memory.tankLevel[tank]!;
        const empty = before <= tolerance && levels[tank]! <= tolerance ? since : 0;
        const full = before >= capacity - tolerance && levels[tank]! >= capacity - tolerance ? since : 0;
        return [
          id,
          {
            levelMeanL: per(memory.tankIntegral[tank]! + ((before + levels[tank]!) / 2) * since),
            levelEndL: levels[tank]!,
            emptyShare: per(memory.tankEmpty[tank]! + empty),
            fullShare: per(memory.tankFull[tank]! + full),
          },
        ];
      }),
    ),
    pipes: Object.fromEntries(
      pipes.map(({ id }, pipe) => {
        const litres = memory.pipeLitres[pipe]! + memory.pipeFlow[pipe]! * since;
        return [id, { litres, rateMeanLps: per(litres) }];
      }),
    ),
  };
}

function levelsNow(flow: FlowCore): number[] {
  const { memory, compiled, events } = flow;
  const since = (events.now - memory.fluidSince) / MICROSECONDS;
  const levels = Array.from(memory.tankLevel);
  compiled.fluids.pipes.forEach(({ from, to }, pipe) => {
    if (from >= 0) levels[from]! -= memory.pipeFlow[pipe]! * since;
    if (to >= 0) levels[to]! += memory.pipeFlow[pipe]! * since;
  });
  return levels;
}

/** Relative to what has flowed. */
function litresMissing(flow: FlowCore): number {
  const { memory, compiled, events } = flow;
  const { tanks, pipes } = compiled.fluids;
  const since = (events.now - memory.fluidSince) / MICROSECONDS;
  let balance = tanks.reduce((sum, tank) => sum + tank.initial, 0) - levelsNow(flow).reduce((sum, level) => sum + level, 0);
  balance += memory.everGiven - memory.everTaken;
  let flowed = 1 + memory.everGiven + memory.everTaken;
  pipes.forEach(({ from, to }, pipe) => {
    const litres = memory.pipeEver[pipe]! + memory.pipeFlow[pipe]! * since;
    flowed += litres;
    if (from < 0) balance += litres;
    if (to < 0) balance -= litres;
  });
  return balance / flowed;
}

function queueFigures(flow: FlowCore, node: FlowNode, measured: number): QueueFigures {
  const { memory, events } = flow;
  const at = node.index;
  const left = memory.left[at]!;
  return {
    in: memory.entered[at]!,
    out: left,
    contentMean: measured > 0 ? (memory.integral[at]! + memory.content[at]! * events.now) / MICROSECONDS / measured : memory.content[at]!,
    contentMax: memory.most[at]!,
    contentEnd: memory.content[at]!,
    stayMeanS: left > 0 ? memory.stay[at]! / left / MICROSECONDS : 0,
    waitedShare: left > 0 ? memory.waited[at]! / left : 0,
  };
}

function stateSeconds(flow: FlowCore, node: FlowNode): number[] {
  const { memory, events } = flow;
  return stationStates.map((_, state) => {
    let time = 0;
    for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
      time += memory.stateTime[place * STATES + state]!;
      if (memory.state[place] === state) time += events.now - memory.stateSince[place]!;
    }
    return time / MICROSECONDS;
  });
}

function leadTimes(flow: FlowCore): FlowResult["leadTime"] {
  const { memory } = flow;
  const count = memory.leadCount;
  const at = (share: number): number => {
    if (count === 0) return 0;
    let below = 0;
    for (let bin = 0; bin < LEAD_BINS; bin++) {
      below += memory.leadBins[bin]!;
      if (below >= share * count) return bin === 0 ? 0 : Math.min(leadOfBin(bin), memory.leadMost) / MICROSECONDS;
    }
    return memory.leadMost / MICROSECONDS;
  };
  return {
    count,
    meanS: count === 0 ? 0 : memory.leadSum / count / MICROSECONDS,
    p50S: at(0.5),
    p90S: at(0.9),
    p95S: at(0.95),
    p99S: at(0.99),
    maxS: memory.leadMost / MICROSECONDS,
  };
}

/** The station that is active (neither starved nor blocked nor on a break) for the largest share of its time. */
function bottleneckOf(components: Readonly<Record<string, ComponentFigures>>): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [id, { shares }] of Object.entries(components)) {
    if (shares === undefined) continue;
    const active = 1 - shares.starved - shares.blocked - shares.break;
    if (active > most + 1e-12) {
      best = id;
      most = active;
    }
  }
  return best;
}

/** Full nodes all of whose items wait for full nodes of the same kind: a node that waits for one outside of the set falls out of it, until none does. */
function deadlockOf(flow: FlowCore): string[] {
  const { memory, compiled } = flow;
  const stuck = new Set<number>();
  for (const node of compiled.nodes) {
    const full =
      node.kind === STATION ? true : (node.kind === BUFFER || node.kind === CONVEYOR) && memory.content[node.index]! >= node.capacity;
    let waits = full;
    for (let place = node.firstPlace; waits && place < node.firstPlace + node.places; place++)
      // a stop that holds the place ends; the item waits on
      waits = memory.phase[place] === DONE || memory.phase[place] === ROOM;
    // a robot that is idle while something waits for it
    if (node.kind === ROBOT) waits = memory.waitFirst[node.index]! >= 0 && memory.robotPhase[node.robot] === 0;
    if (waits) stuck.add(node.index);
  }
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const index of stuck) {
      const node = compiled.nodes[index]!;
      for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
        const target = memory.outTarget[place]!;
        const targets =
          node.kind === ROBOT ? goalsOf(flow, node) : target >= 0 ? [target] : compiled.routes[memory.outRoute[place]!]!.targets;
        if (targets.some((other) => !stuck.has(other))) {
          stuck.delete(index);
          break;
        }
      }
    }
  }
  return [...new Set([...stuck].map((index) => compiled.model.components[compiled.nodes[index]!.component]!.id))];
}

/** Where the items that wait for a robot may go. */
function goalsOf({ memory, compiled }: FlowCore, node: FlowNode): readonly number[] {
  const { byProduct, targets } = node.route!;
  if (byProduct.length === 0) return targets;
  const goals: number[] = [];
  for (let link = memory.waitFirst[node.index]!; link >= 0; link = memory.linkNext[link]!) {
    const choice = byProduct[memory.itemProduct[memory.outItem[compiled.linkPlace[link]!]!]!]!;
    if (choice >= 0) goals.push(targets[choice]!);
  }
  return goals;
}

/** Counts what is inside by looking into every place and queue, and adds up how long it has been there. */
function lookInside(flow: FlowCore): { readonly count: number; readonly sojourn: number; readonly countsAgree: boolean } {
  const { memory, compiled, events } = flow;
  let count = 0;
  let sojourn = 0;
  let countsAgree = true;
  const look = (item: number): void => {
    count++;
    sojourn += events.now - memory.itemEntered[item]!;
    for (let inner = memory.itemContent[item]!; inner >= 0; inner = memory.itemNext[inner]!) look(inner);
  };
  for (const node of compiled.nodes) {
    let here = 0;
    if (node.kind === SINK || (node.kind === SOURCE && node.source!.kind === "saturated")) continue;
    for (let item = memory.queueFirst[node.index]!; item >= 0; item = memory.itemNext[item]!) {
      look(item);
      here++;
    }
    for (let item = memory.heldFirst[node.index]!; item >= 0; item = memory.itemNext[item]!) {
      look(item);
      here++;
    }
    // places of stations and vehicles hold what is in no queue
    if (node.kind === STATION || node.kind === ROBOT || node.fleet >= 0)
      for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) {
        if (memory.outItem[place]! < 0) continue;
        look(memory.outItem[place]!);
        here++;
        for (let item = memory.rest[place]!; item >= 0; item = memory.itemNext[item]!) {
          look(item);
          here++;
        }
      }
    if (here !== memory.content[node.index]) countsAgree = false;
  }
  return { count, sojourn, countsAgree };
}

import { streamOf } from "../random/philox.ts";
import type { FlowModel, FlowPipe, FlowTank } from "./flow-model.ts";
import { FLUID, type FlowCore, ORDER, PIPE, countStep } from "./flow-core.ts";
import { actOnLevels, secondsToLevel } from "./dosing.ts";
import { type CompiledTime, MICROSECONDS, compileTime, drawTime } from "./flow-time.ts";

/*
 * Tanks and pipes: flows are constant between two instants, at which a tank becomes full or empty or a pipe opens or shuts.
 * A pipe carries its rate unless its source is empty (then what flows in is shared in proportion to the rates) or its target is full.
 * Levels that something waits for (dosing.ts) are such instants, too.
 */

export interface CompiledFluids {
  readonly tanks: readonly {
    readonly id: string;
    readonly component: number;
    readonly capacity: number;
    readonly initial: number;
    readonly tolerance: number;
  }[];
  readonly pipes: readonly {
    readonly id: string;
    readonly component: number;
    readonly from: number;
    readonly to: number;
    readonly rate: number;
    readonly open: CompiledTime | undefined;
    readonly shut: CompiledTime | undefined;
    readonly stream: number;
    readonly controlled: boolean;
  }[];
  /** Marks of levels, and what is done when they are reached: a pipe opened or shut, an arrival of a source called. */
  readonly watches: readonly {
    readonly tank: number;
    readonly level: number;
    readonly falls: boolean;
    readonly act: "open" | "shut" | "call";
    /** Pipe or node. */
    readonly of: number;
  }[];
}

export function compileFluids(model: FlowModel, nodeOf: (source: string) => number): CompiledFluids {
  const tanks = model.components.filter((component): component is FlowTank => component.type === "tank");
  const pipes = model.components.filter((component): component is FlowPipe => component.type === "pipe");
  const tankOf = (id: string | undefined): number => (id === undefined ? -1 : tanks.findIndex((tank) => tank.id === id));
  return {
    tanks: tanks.map((tank, index) => ({
      id: tank.id,
      component: model.components.indexOf(tank),
      capacity: tank.capacityL,
      initial: tank.initialL ?? 0,
      // what flows in two microseconds: nearer to full or empty no event can be set
      tolerance:
        (2 / MICROSECONDS) *
        pipes.reduce((sum, pipe) => (tankOf(pipe.from) === index || tankOf(pipe.to) === index ? sum + pipe.rateLps : sum), 0),
    })),
    pipes: pipes.map((pipe) => ({
      id: pipe.id,
      component: model.components.indexOf(pipe),
      from: tankOf(pipe.from),
      to: tankOf(pipe.to),
      rate: pipe.rateLps,
      open: pipe.open === undefined ? undefined : compileTime(pipe.open),
      shut: pipe.shut === undefined ? undefined : compileTime(pipe.shut),
      stream: streamOf(pipe.id, "pipe"),
      controlled: pipe.control !== undefined,
    })),
    watches: [
      ...pipes.flatMap(({ control }, of): CompiledFluids["watches"] => {
        if (control === undefined) return [];
        const { opensAtL, shutsAtL } = control;
        const tank = tankOf(control.tank);
        return [
          { tank, level: opensAtL, falls: opensAtL < shutsAtL, act: "open", of },
          { tank, level: shutsAtL, falls: opensAtL >= shutsAtL, act: "shut", of },
        ];
      }),
      ...model.components.flatMap((component): CompiledFluids["watches"] => {
        if (component.type !== "source" || component.whenLevel === undefined) return [];
        const { tank, fallsToL, risesToL } = component.whenLevel;
        return [{ tank: tankOf(tank), level: fallsToL ?? risesToL!, falls: fallsToL !== undefined, act: "call", of: nodeOf(component.id) }];
      }),
    ],
  };
}

export function startFluids(flow: FlowCore): void {
  const { memory, compiled } = flow;
  const { pipes, tanks } = compiled.fluids;
  if (pipes.length === 0 && tanks.length === 0) return;
  pipes.forEach(({ controlled }, pipe) => {
    memory.pipeOpen[pipe] = controlled ? 0 : 1;
    foreseeTurn(flow, pipe);
  });
  share(flow);
  if (compiled.fluids.watches.length > 0) lookAtFluidsSoon(flow);
}

/** Levels have changed at once: what depends on them is carried out within this instant. */
export function lookAtFluidsSoon(flow: FlowCore): void {
  const { memory, events } = flow;
  if (memory.fluidTimer >= 0) {
    if (memory.fluidDue === events.now) return;
    events.cancel(memory.fluidTimer);
  }
  memory.fluidDue = events.now;
  memory.fluidTimer = events.schedule(events.now, ORDER.move, FLUID, 0);
}

/** A pipe opens or shuts. */
export function pipeTurns(flow: FlowCore, pipe: number): void {
  countStep(flow, 0);
  bookFluids(flow);
  flow.memory.pipeOpen[pipe] = 1 - flow.memory.pipeOpen[pipe]!;
  foreseeTurn(flow, pipe);
  share(flow);
}

/** A tank has become full or empty, or reached a level that something waits for. */
export function fluidEvent(flow: FlowCore): void {
  countStep(flow, 0);
  flow.memory.fluidTimer = -1;
  bookFluids(flow);
  actOnLevels(flow);
  share(flow);
}

/** Brings levels and books up to now. */
export function bookFluids(flow: FlowCore): void {
  const { memory, compiled, events } = flow;
  const { tanks, pipes } = compiled.fluids;
  const passed = (events.now - memory.fluidSince) / MICROSECONDS;
  memory.fluidSince = events.now;
  if (passed === 0) return;
  const before = tanks.map((_, tank) => memory.tankLevel[tank]!);
  pipes.forEach(({ from, to }, pipe) => {
    const litres = memory.pipeFlow[pipe]! * passed;
    memory.pipeLitres[pipe]! += litres;
    memory.pipeEver[pipe]! += litres;
    if (from >= 0) memory.tankLevel[from]! -= litres;
    if (to >= 0) memory.tankLevel[to]! += litres;
  });
  tanks.forEach(({ capacity, tolerance }, tank) => {
    memory.tankIntegral[tank]! += ((before[tank]! + memory.tankLevel[tank]!) / 2) * passed;
    // both ends at a bound: it was there throughout, levels being straight lines in between
    if (before[tank]! <= tolerance && memory.tankLevel[tank]! <= tolerance) memory.tankEmpty[tank]! += passed;
    if (before[tank]! >= capacity - tolerance && memory.tankLevel[tank]! >= capacity - tolerance) memory.tankFull[tank]! += passed;
  });
}

/** Flows for the present levels, and when the next tank is full or empty. Flows only ever fall here, so this ends. */
function share(flow: FlowCore): void {
  const { memory, compiled, events } = flow;
  const { tanks, pipes } = compiled.fluids;
  pipes.forEach(({ rate }, pipe) => (memory.pipeFlow[pipe] = memory.pipeOpen[pipe] === 1 ? rate : 0));
  for (let round = 0; round < 1000; round++) {
    let changed = false;
    tanks.forEach(({ capacity, tolerance }, tank) => {
      const [into, out] = sums(flow, tank);
      const level = memory.tankLevel[tank]!;
      const scale = (end: "from" | "to", factor: number): void => {
        changed = true;
        pipes.forEach((pipe, index) => {
          if (pipe[end] === tank) memory.pipeFlow[index]! *= factor;
        });
      };
      if (level <= tolerance && out > into * (1 + 1e-12)) scale("from", into / out);
      else if (level >= capacity - tolerance && into > out * (1 + 1e-12)) scale("to", out / into);
    });
    if (!changed) break;
  }
  let next = Infinity;
  tanks.forEach(({ capacity, tolerance }, tank) => {
    const [into, out] = sums(flow, tank);
    const net = into - out;
    memory.tankNet[tank] = net;
    const level = memory.tankLevel[tank]!;
    if (net > 0 && level < capacity - tolerance) next = Math.min(next, (capacity - level) / net);
    else if (net < 0 && level > tolerance) next = Math.min(next, level / -net);
  });
  next = Math.min(next, secondsToLevel(flow));
  if (memory.fluidTimer >= 0) events.cancel(memory.fluidTimer);
  const at = events.now + Math.floor(next * MICROSECONDS);
  memory.fluidDue = at < Number.MAX_SAFE_INTEGER ? at : -1;
  memory.fluidTimer = at < Number.MAX_SAFE_INTEGER ? events.schedule(at, ORDER.move, FLUID, 0) : -1;
}

function sums(flow: FlowCore, tank: number): readonly [number, number] {
  const { memory, compiled } = flow;
  let into = 0;
  let out = 0;
  compiled.fluids.pipes.forEach(({ from, to }, pipe) => {
    if (to === tank) into += memory.pipeFlow[pipe]!;
    if (from === tank) out += memory.pipeFlow[pipe]!;
  });
  return [into, out];
}

function foreseeTurn(flow: FlowCore, pipe: number): void {
  const { memory, compiled, events } = flow;
  const { open, shut, stream } = compiled.fluids.pipes[pipe]!;
  const time = memory.pipeOpen[pipe] === 1 ? open : shut;
  if (time !== undefined)
    events.schedule(events.now + drawTime(time, memory.key, stream, memory.pipeDraws[pipe]!++), ORDER.stop, PIPE, pipe);
}

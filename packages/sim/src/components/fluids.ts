import { FLUID, type FlowCore, ORDER, PIPE, countStep } from "./flow-core.ts";
import { secondsToLevel, watchWait, dose } from "./dosing.ts";
import { MICROSECONDS, drawTime } from "./flow-time.ts";
import { lookAtFluidsSoon, bookFluids } from "./fluid-levels.ts";
import { DRAW } from "./flow-memory.ts";
import { arrival } from "./sources.ts";
import { advance, poured } from "./work.ts";

/*
 * Tanks and pipes: flows are constant between two instants, at which a tank becomes full or empty or a pipe opens or shuts.
 * A pipe carries its rate unless its source is empty (then what flows in is shared in proportion to the rates) or its target is full.
 * Levels that something waits for (dosing.ts) are such instants, too.
 */

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

/** Carries out what the present levels allow: watches first, then the places that wait, in their order. */
export function actOnLevels(flow: FlowCore): void {
  const { memory, compiled } = flow;
  compiled.fluids.watches.forEach(({ act, of }, watch) => {
    if (watchWait(flow, watch) !== 0) {
      memory.watchArmed[watch] = 1;
      return;
    }
    if (memory.watchArmed[watch] === 0) return;
    memory.watchArmed[watch] = 0;
    if (act === "call") arrival(flow, compiled.nodes[of]!);
    else memory.pipeOpen[of] = act === "open" ? 1 : 0;
  });
  for (let place = memory.doseFirst; place >= 0;) {
    const next = memory.doseNext[place]!;
    const node = compiled.nodes[compiled.placeNode[place]!]!;
    const phase = memory.phase[place]!;
    if (memory.held[place] === 0 && dose(flow, node, place, phase === DRAW ? node.takes : node.gives, phase)) {
      if (phase === DRAW) advance(flow, place);
      else poured(flow, place);
    }
    place = next;
  }
}

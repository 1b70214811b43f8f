import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

const MAX_STATES = 200_000;

/**
 * Throughput of a saturated line of single stations with exponential times, blocking after service, never short of parts and never full at its
 * end: exact, from the equilibrium of its Markov chain. `rates` has one entry a station, `buffers` one between each two.
 * State: for every two neighbours the parts finished by the first and not by the second; a station holds a finished part (is blocked)
 * when the buffer ahead is full and the next station occupied. Throws DW_INVALID when the chain has more than 200,000 states.
 */
export function exponentialLineThroughput(rates: readonly number[], buffers: ArrayLike<number>): number {
  const gaps = rates.length - 1;
  if (gaps === 0) return rates[0]!;
  const stride: number[] = [];
  let states = 1;
  for (let gap = 0; gap < gaps; gap++) {
    stride.push(states);
    states *= buffers[gap]! + 3;
  }
  if (states > MAX_STATES) throw new DoppelwerkError("DW_INVALID", message("sim.chainLineStates", { states, max: MAX_STATES }));

  // reachable states from the empty line, and their transitions
  const content = new Int32Array(gaps);
  const blocked = new Uint8Array(rates.length);
  const numberOf = new Map<number, number>([[0, 0]]);
  const found = [0];
  const from: number[] = [];
  const to: number[] = [];
  const rate: number[] = [];
  for (let i = 0; i < found.length; i++) {
    for (let gap = 0; gap < gaps; gap++) content[gap] = Math.floor(found[i]! / stride[gap]!) % (buffers[gap]! + 3);
    for (let gap = gaps - 1; gap >= 0; gap--) blocked[gap] = content[gap] === buffers[gap]! + 2 - blocked[gap + 1]! ? 1 : 0;
    for (let station = 0; station <= gaps; station++) {
      if (blocked[station] === 1 || (station > 0 && content[station - 1] === 0)) continue;
      const next = found[i]! - (station > 0 ? stride[station - 1]! : 0) + (station < gaps ? stride[station]! : 0);
      let number = numberOf.get(next);
      if (number === undefined) {
        number = found.push(next) - 1;
        numberOf.set(next, number);
      }
      from.push(i);
      to.push(number);
      rate.push(rates[station]!);
    }
  }
  const share = equilibrium(found.length, from, to, rate);
  // parts leave at the rate of the last station while it works
  let throughput = 0;
  for (const [i, state] of found.entries()) if (Math.floor(state / stride[gaps - 1]!) > 0) throughput += share[i]! * rates[gaps]!;
  return throughput;
}

/** Share of time in each state of an irreducible chain: Gauss and Seidel on the balance equations. */
function equilibrium(states: number, from: readonly number[], to: readonly number[], rate: readonly number[]): Float64Array {
  const out = new Float64Array(states);
  const incoming: number[][] = Array.from({ length: states }, () => []);
  for (const [i, source] of from.entries()) {
    out[source]! += rate[i]!;
    incoming[to[i]!]!.push(i);
  }
  const share = new Float64Array(states).fill(1 / states);
  for (let sweep = 0; sweep < 100_000; sweep++) {
    let change = 0;
    let sum = 0;
    for (let state = 0; state < states; state++) {
      let flow = 0;
      for (const i of incoming[state]!) flow += share[from[i]!]! * rate[i]!;
      const value = flow / out[state]!;
      change = Math.max(change, Math.abs(value - share[state]!));
      share[state] = value;
      sum += value;
    }
    for (let state = 0; state < states; state++) share[state]! /= sum;
    if (change < 1e-15) break;
  }
  return share;
}

import { fittedDuration } from "../random/candidate.ts";
import { uniformAt } from "../random/philox.ts";
import { type Sampler, distributionFault, meanOf, quantile, samplerOf } from "../random/sampler.ts";
import type { FlowTime } from "./flow-model.ts";

export const MICROSECONDS = 1_000_000;

/** A time made ready: one sampler, or several with cumulative weights. */
export interface CompiledTime {
  /** Microseconds (or the count itself, see `drawCount`) when it is always the same, else −1. */
  readonly fixed: number;
  readonly samplers: readonly Sampler[];
  readonly cumulative: readonly number[];
  readonly meanS: number;
}

/** Throws on what `flowTimeFault` names. */
export function compileTime(time: FlowTime): CompiledTime {
  if (typeof time === "number") return compileTime({ kind: "constant", value: time });
  if (time.kind === "fitted") return compileTime(fittedDuration(time.values));
  if (time.kind !== "mixture") {
    const sampler = samplerOf(time);
    return {
      fixed: sampler.kind === 0 ? Math.round(sampler.a * MICROSECONDS) : -1,
      samplers: [sampler],
      cumulative: [1],
      meanS: meanOf(time),
    };
  }
  const parts = time.of.map((part) => ({ weight: part.weight, time: compileTime(part.time) }));
  const sum = parts.reduce((total, part) => total + part.weight, 0);
  const samplers: Sampler[] = [];
  const cumulative: number[] = [];
  let below = 0;
  for (const { weight, time: inner } of parts) {
    let before = 0;
    inner.samplers.forEach((sampler, index) => {
      below += ((inner.cumulative[index]! - before) * weight) / sum;
      before = inner.cumulative[index]!;
      samplers.push(sampler);
      cumulative.push(below);
    });
  }
  cumulative[cumulative.length - 1] = 1;
  return { fixed: -1, samplers, cumulative, meanS: parts.reduce((total, part) => total + (part.weight / sum) * part.time.meanS, 0) };
}

/** Why a time of the right shape cannot be drawn, or undefined. */
export function flowTimeFault(time: FlowTime): string | undefined {
  if (typeof time === "number") return time >= 0 && Number.isFinite(time) ? undefined : "must be 0 or more";
  if (time.kind === "fitted") return distributionFault(fittedDuration(time.values));
  if (time.kind !== "mixture") return distributionFault(time);
  if (!(time.of.reduce((sum, part) => sum + part.weight, 0) > 0)) return "weights must add up to more than 0";
  return time.of.map((part) => flowTimeFault(part.time)).find((fault) => fault !== undefined);
}

/** Number `index` of a stream, in whole microseconds. */
export function drawTime(time: CompiledTime, key: number, stream: number, index: number): number {
  if (time.fixed >= 0) return time.fixed;
  return Math.round(drawValue(time, uniformAt(key, stream, index)) * MICROSECONDS);
}

/** The same as a whole number of things. */
export function drawCount(time: CompiledTime, key: number, stream: number, index: number): number {
  return Math.round(time.fixed >= 0 ? time.fixed / MICROSECONDS : drawValue(time, uniformAt(key, stream, index)));
}

/** One uniform number gives the part of the mixture and the value inside it. */
function drawValue(time: CompiledTime, u: number): number {
  const { samplers, cumulative } = time;
  if (samplers.length === 1) return quantile(samplers[0]!, u);
  let part = 0;
  while (u >= cumulative[part]! && part < samplers.length - 1) part++;
  const below = part === 0 ? 0 : cumulative[part - 1]!;
  const inside = (u - below) / (cumulative[part]! - below);
  return quantile(samplers[part]!, Math.min(Math.max(inside, 2 ** -54), 1 - 2 ** -53));
}

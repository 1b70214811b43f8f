import type { Distribution } from "../random/distribution.ts";
import { exp } from "../random/portable-math.ts";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { betaRegularised } from "../statistics/student.ts";
import { gammaQuantile, normalQuantile } from "../random/special-function.ts";

/** Where in a line model a parameter lives. */
export type ParameterTarget =
  | { readonly kind: "cycle"; readonly station: string; readonly product?: string }
  | { readonly kind: "stopBetween"; readonly station: string; readonly stop: string }
  | { readonly kind: "stopDuration"; readonly station: string; readonly stop: string }
  | { readonly kind: "setUp"; readonly station: string; readonly attribute: string }
  | { readonly kind: "reject"; readonly station: string; readonly tryNumber: number }
  | { readonly kind: "scrap"; readonly station: string }
  /** Of the units of the program; `station` is the source it was seen at. */
  | { readonly kind: "share"; readonly station: string; readonly product: string }
  /** Conveyor from `station` to `to`, seconds. */
  | { readonly kind: "travel"; readonly station: string; readonly to: string };

/**
 * What few data leave open about a parameter (P2), as a factor on its mean: `gamma` for rates of events (mean × shape ÷ Γ(shape)),
 * `lognormal` with the relative standard error for durations; `beta` is the posterior of a probability itself; `weight` is one of several
 * shares (Dirichlet: independent Γ(shape) ÷ shape, brought to a sum of one where they are applied).
 */
export type Posterior =
  | { readonly kind: "fixed" }
  | { readonly kind: "gamma"; readonly shape: number }
  | { readonly kind: "lognormal"; readonly sd: number }
  | { readonly kind: "weight"; readonly shape: number }
  | { readonly kind: "beta"; readonly a: number; readonly b: number };

/** A fitted parameter, as plain data that goes to workers and screens. `value` is a distribution, or a number: a probability, a share, seconds. */
export interface Parameter {
  readonly target: ParameterTarget;
  readonly value: Distribution | number;
  readonly posterior: Posterior;
  readonly mean: number;
  /** 95 % credible interval of the mean. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Data of other products or stations, or the nominal value as weak prior, carry weight in it. */
  readonly pooled: boolean;
  readonly nominal?: number;
  /** What it rests on where the plant was not watched: a log of work, or nothing at all. */
  readonly basis?: "log" | "assumed";
  /** Operating time in which the events of a stop were counted, in seconds. */
  readonly exposureS?: number;
  /** How it was chosen and how well it fits, in words and numbers. */
  readonly fit: string;
}

export function targetId(target: ParameterTarget): string {
  switch (target.kind) {
    case "cycle":
      return `${target.station}/cycle/${target.product ?? ""}`;
    case "stopBetween":
    case "stopDuration":
      return `${target.station}/${target.kind}/${target.stop}`;
    case "setUp":
      return `${target.station}/setUp/${target.attribute}`;
    case "reject":
      return `${target.station}/reject/${target.tryNumber}`;
    case "scrap":
      return `${target.station}/scrap`;
    case "share":
      return `${target.station}/share/${target.product}`;
    case "travel":
      return `${target.station}/travel/${target.to}`;
  }
}

/**
 * One draw of a parameter for a replication: the same seed and replication draw the same value on every branch (common random numbers),
 * and adding a parameter moves no other one's draw.
 */
export function drawParameter(parameter: Parameter, seed: number, replication: number): Distribution | number {
  if (parameter.posterior.kind === "fixed") return parameter.value;
  const u = uniformAt(replicationKey(seed, replication), streamOf(targetId(parameter.target), "posterior"), 0);
  return posteriorValue(parameter, u);
}

/** The parameter at quantile `u` of its posterior. */
export function posteriorValue(parameter: Parameter, u: number): Distribution | number {
  const { posterior, value } = parameter;
  if (typeof value === "number")
    return posterior.kind === "beta" ? betaQuantile(u, posterior.a, posterior.b) : value * posteriorFactor(posterior, u);
  return scaled(value, posteriorFactor(posterior, u));
}

function posteriorFactor(posterior: Posterior, u: number): number {
  if (posterior.kind === "gamma") return posterior.shape / gammaQuantile(posterior.shape, 1 - u);
  if (posterior.kind === "weight") return gammaQuantile(posterior.shape, u) / posterior.shape;
  if (posterior.kind === "lognormal") return exp(posterior.sd * normalQuantile(u) - posterior.sd ** 2 / 2);
  return 1;
}

/** 95 % interval of the mean. */
export function credibleInterval(mean: number, posterior: Posterior): { readonly low: number; readonly high: number } {
  if (posterior.kind === "beta")
    return { low: betaQuantile(0.025, posterior.a, posterior.b), high: betaQuantile(0.975, posterior.a, posterior.b) };
  return { low: mean * posteriorFactor(posterior, 0.025), high: mean * posteriorFactor(posterior, 0.975) };
}

/** The distribution of `factor` times the quantity. */
export function scaled(distribution: Distribution, factor: number): Distribution {
  if (factor === 1) return distribution;
  switch (distribution.kind) {
    case "constant":
      return { ...distribution, value: distribution.value * factor };
    case "uniform":
      return { ...distribution, low: distribution.low * factor, high: distribution.high * factor };
    case "triangular":
      return { ...distribution, low: distribution.low * factor, mode: distribution.mode * factor, high: distribution.high * factor };
    case "exponential":
    case "lognormal":
    case "gamma":
    case "erlang":
      return { ...distribution, mean: distribution.mean * factor };
    case "weibull":
      return { ...distribution, scale: distribution.scale * factor };
    case "normal":
      return {
        ...distribution,
        mean: distribution.mean * factor,
        sd: distribution.sd * factor,
        ...(distribution.low === undefined ? {} : { low: distribution.low * factor }),
        ...(distribution.high === undefined ? {} : { high: distribution.high * factor }),
      };
    case "geometric":
      return { ...distribution, mean: distribution.mean * factor, step: (distribution.step ?? 1) * factor };
    case "empirical":
      return { ...distribution, values: distribution.values.map((value) => value * factor) };
  }
}

/** Quantile of the beta distribution by bisection. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (betaRegularised(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

import { expect, test } from "vitest";
import { cos, exp, log, pow, sin } from "./portable-math.ts";
import { uniformAt } from "./philox.ts";

function worst(ours: (x: number) => number, theirs: (x: number) => number, inputs: Iterable<number>, absolute = 0): number {
  let greatest = 0;
  for (const x of inputs) {
    const truth = theirs(x);
    const scale = Math.max(Math.abs(truth), absolute);
    if (scale > 0) greatest = Math.max(greatest, Math.abs(ours(x) - truth) / scale);
  }
  return greatest;
}

function* spread(low: number, high: number): Generator<number> {
  for (let i = 0; i < 20_000; i++) yield low + (high - low) * uniformAt(7, 7, i);
}

test("[S4] exp, log, pow, sin and cos agree with the built-in ones within 1e-12", () => {
  expect(worst(exp, Math.exp, spread(-700, 700))).toBeLessThan(1e-15);
  expect(worst(exp, Math.exp, spread(-1, 1))).toBeLessThan(1e-15);
  expect(worst(log, Math.log, spread(1e-9, 3), 1e-3)).toBeLessThan(1e-15);
  expect(worst(log, Math.log, spread(1, 1e12))).toBeLessThan(1e-15);
  expect(
    worst(
      (x) => pow(x, 2.7),
      (x) => Math.pow(x, 2.7),
      spread(1e-6, 1e6),
    ),
  ).toBeLessThan(1e-13);
  expect(worst(sin, Math.sin, spread(-1e5, 1e5), 1e-3)).toBeLessThan(1e-12);
  expect(worst(cos, Math.cos, spread(-20, 20), 1e-3)).toBeLessThan(1e-12);
});

test("[S4] exp and log keep their edges", () => {
  expect([exp(0), exp(-Infinity), exp(1000), log(1), log(0), log(Infinity), log(-1), log(5e-324)]).toEqual([
    1,
    0,
    Infinity,
    0,
    -Infinity,
    Infinity,
    NaN,
    Math.log(5e-324),
  ]);
  expect(exp(-740)).toBeCloseTo(Math.exp(-740), 320);
});

test("[S4] a few results are fixed to the last bit, on every engine", () => {
  expect([exp(1.5), log(10), pow(2.5, 0.3), sin(1), cos(1)]).toEqual([
    4.4816890703380645, 2.302585092994046, 1.3163822043342375, 0.8414709848078965, 0.5403023058681398,
  ]);
});

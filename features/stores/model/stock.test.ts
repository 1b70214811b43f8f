import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { lookAtStock, SETTLED, type LowEpisode } from "./low-stock.ts";
import type { MovementFact } from "./movement.ts";
import { incompleteBeta, reachOf, useBefore } from "./reach.ts";
import { stockOf } from "./stock.ts";

let count = 0;
const fact = (kind: MovementFact["kind"], quantity: number, at: number, more: Partial<MovementFact> = {}): MovementFact =>
  ({ movement: `m${++count}`, part: "SP-1", kind, quantity, at, known: at, ...more }) as MovementFact;

test("[SR2] stock is the fold of movements in the order of what happened, whatever the order in which they are told [level: fold]", () => {
  const facts = [
    fact("received", 10, 1),
    fact("reserved", 3, 2, { work: "WO-1" }),
    fact("taken", 2, 3, { work: "WO-1" }),
    fact("taken", 1, 4),
    fact("returned", 1, 5),
    fact("released", 1, 6, { work: "WO-1" }),
    fact("reserved", 2, 7, { work: "WO-2" }),
    fact("corrected", -0.5, 8, { reason: "broken" }),
  ];
  const { onHand, reserved, byWork, lines } = stockOf(facts);
  expect([onHand, reserved, [...byWork]]).toEqual([7.5, 2, [["WO-2", 2]]]);
  expect(lines.map(({ before, after }) => [before, after])).toEqual([
    [0, 10],
    [10, 10],
    [10, 8],
    [8, 7],
    [7, 8],
    [8, 8],
    [8, 8],
    [8, 7.5],
  ]);
  expect(stockOf(facts.toReversed())).toEqual(stockOf(facts));
});

test("[SR3] [SR5] a movement counts once, the first that became known; a count is what there is, and one that is late shows what was known when it was counted", () => {
  const taken = fact("taken", 2, 100, { known: 10 * MINUTE });
  const counted = fact("counted", 7, 200);
  const facts = [fact("received", 10, 1), taken, { ...taken, at: 300, known: 20 * MINUTE }, counted, fact("taken", 1, 400)];
  const { onHand, lines } = stockOf(facts);
  expect(onHand).toBe(6);
  expect(lines.map(({ isLate }) => isLate)).toEqual([false, true, false, false]);
  // one is missing; when it was counted three were
  expect(lines[2]).toMatchObject({ before: 8, after: 7, difference: -1, differenceThen: -3 });
  expect(stockOf(facts.filter(({ movement }) => movement !== taken.movement)).lines[1]).toMatchObject({ difference: -3 });
});

test("[SR7] the interval of how long a part lasts holds 80 % of outcomes of a process whose rate is known from five to thirty withdrawals alone", () => {
  const seed = 20261130;
  console.log(`seed ${seed}`);
  const chance = random(seed);
  const exponential = (): number => -Math.log(1 - chance());
  for (const [rate, stock] of [
    [1 / 9, 3],
    [1 / 3, 12],
  ] as const) {
    let [inside, tried] = [0, 0];
    for (let run = 0; run < 6_000; run++) {
      let [at, taken] = [exponential() / rate, 0];
      while (at < 90) {
        taken++;
        at += exponential() / rate;
      }
      const reach = reachOf(stock, { quantity: taken, withdrawals: taken, days: 90 });
      if (reach === undefined) continue;
      let until = 0;
      for (let each = 0; each < stock; each++) until += exponential() / rate;
      tried++;
      if (until >= reach.low && until <= reach.high) inside++;
    }
    console.log(`rate ${rate.toFixed(3)} a day, stock ${stock}: ${((100 * inside) / tried).toFixed(1)} % of ${tried} inside`);
    // with fewer than five nothing is said, which leaves out the slowest
    expect(inside / tried).toBeGreaterThan(0.76);
    expect(inside / tried).toBeLessThan(0.84);
  }
});

test("[SR7] of too few withdrawals or days it is unknown; what is given back is not used", () => {
  const now = 100 * DAY;
  const { lines } = stockOf([
    fact("received", 30, now - 95 * DAY),
    fact("taken", 9, now - 92 * DAY),
    ...[80, 60, 40, 30, 20, 10].map((days) => fact("taken", 2, now - days * DAY)),
    fact("returned", 2, now - 9 * DAY),
  ]);
  expect(useBefore(lines, now)).toEqual({ quantity: 10, withdrawals: 5, days: 90 });
  const reach = reachOf(9, useBefore(lines, now))!;
  // five withdrawals of two in 90 days: five more take about as long
  expect(reach.days).toBeCloseTo(90, 0);
  expect(reach.low).toBeLessThan(reach.days);
  expect(reach.high).toBeGreaterThan(reach.days);
  expect(reachOf(0, useBefore(lines, now))).toEqual({ days: 0, low: 0, high: 0 });
  expect(reachOf(9, { quantity: 8, withdrawals: 4, days: 90 })).toBeUndefined();
  expect(reachOf(9, { quantity: 8, withdrawals: 8, days: 13 })).toBeUndefined();
  expect(useBefore([], now)).toEqual({ quantity: 0, withdrawals: 0, days: 0 });
  // by hand: P(at least 2 of 4 heads) = 11/16
  expect(incompleteBeta(0.5, 2, 3)).toBeCloseTo(11 / 16, 9);
  expect(incompleteBeta(0.2, 1, 3)).toBeCloseTo(1 - 0.8 ** 3, 9);
});

test("[SR9] what is taken and given back within an hour is one episode", () => {
  let episode: LowEpisode | undefined;
  const look = (isLow: boolean, at: number): string => {
    const step = lookAtStock(episode, isLow, at);
    episode = step.kind === "withdraw" ? undefined : step.episode;
    return step.kind;
  };
  expect(look(false, 0)).toBe("none");
  expect(look(true, HOUR)).toBe("notify");
  for (let minute = 1; minute < 300; minute++) expect(look(minute % 2 === 0, HOUR + minute * MINUTE)).toBe("none");
  const enough = HOUR + 299 * MINUTE;
  expect(look(false, enough + SETTLED - 1)).toBe("none");
  expect(look(false, enough + SETTLED)).toBe("withdraw");
  expect(look(true, enough + 2 * SETTLED)).toBe("notify");
  // an episode that a crash cut off before its notice is notified with its own instant
  expect(lookAtStock({ since: 5, isNotified: false }, true, 9)).toEqual({ kind: "notify", episode: { since: 5, isNotified: true } });
});

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

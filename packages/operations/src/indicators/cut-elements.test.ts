import { HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { elementsOfCut, type CutCount, type CutState } from "./cut-elements.ts";

/** Two hours by hand: work, a failure of 20 min over the full hour, work, a set-up of 10 min at the end. */
const STATES: readonly CutState[] = [
  { from: 0, to: 50 * MINUTE, state: "working" },
  { from: 50 * MINUTE, to: 70 * MINUTE, state: "failed" },
  { from: 70 * MINUTE, to: 110 * MINUTE, state: "working" },
  { from: 110 * MINUTE, to: 115 * MINUTE, state: "setUp" },
];
const COUNTS: readonly CutCount[] = [
  ...Array.from({ length: 100 }, (_, n): CutCount => ({ at: n * MINUTE, role: "Total", delta: 1, runTimeS: n < 60 ? 30 : 60 })),
  ...Array.from({ length: 90 }, (_, n): CutCount => ({ at: n * MINUTE, role: "Good", delta: 1, runTimeS: 30 })),
];
const of = (from: number, to: number) => elementsOfCut([{ from, to }], (to - from) / SECOND, STATES, COUNTS, ["Total", "Good"]);

test("[O146] the elements of hours are those of the states and counts in them, and add up to the whole; a failure counts where it begins", () => {
  const [first, second, both] = [of(0, HOUR), of(HOUR, 2 * HOUR), of(0, 2 * HOUR)];
  expect(first).toEqual({
    unknownS: 0,
    values: {
      PBT: 3600,
      APT: 3e3,
      AUST: 0,
      AUPT: 3e3,
      ADET: 600,
      AUBT: 3600,
      TTR: 600,
      TTF: 3e3,
      TBF: 3600,
      FE: 1,
      CMT: 600,
      PMT: 0,
      PQ: 60,
      GQ: 60,
      PRI: 30,
      EPC: 120,
    },
  });
  expect(second).toEqual({
    unknownS: 300,
    values: {
      PBT: 3600,
      APT: 2400,
      AUST: 300,
      AUPT: 2700,
      ADET: 600,
      AUBT: 3300,
      TTR: 600,
      TTF: 2700,
      TBF: 3300,
      FE: 0,
      CMT: 600,
      PMT: 0,
      PQ: 40,
      GQ: 30,
      PRI: 60,
      EPC: 60,
    },
  });
  for (const symbol of ["PBT", "APT", "AUST", "ADET", "TTR", "FE", "PQ", "GQ"])
    expect(both.values[symbol], symbol).toBe(first.values[symbol]! + second.values[symbol]!);
  // two spans of one order are one cut
  expect(
    elementsOfCut(
      [
        { from: 0, to: HOUR },
        { from: HOUR, to: 2 * HOUR },
      ],
      7_200,
      STATES,
      COUNTS,
      ["Total", "Good"],
    ),
  ).toEqual(both);
});

test("[O146] without a counter no quantity is known, and where nothing of the time is known no time is", () => {
  expect(elementsOfCut([{ from: 0, to: HOUR }], 3_600, [], undefined, [])).toEqual({ unknownS: 3_600, values: { PBT: 3_600 } });
  expect(elementsOfCut([{ from: 0, to: HOUR }], 0, [], COUNTS, ["Good", "Reject"]).values).toEqual({ PQ: 60, GQ: 60, PRI: 30, EPC: 0 });
});

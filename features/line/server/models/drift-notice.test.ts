import { createLineEngine } from "@doppelwerk/operations";
import type { LineEngine, ShiftResult } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { lineObservations } from "../../../../packs/discrete-line/src/fitted-line-model.ts";
import { driftNotice as noticeOf } from "./drift-notice.ts";

const driftNotice = (engine: LineEngine | undefined, fittedAt: number | undefined) => noticeOf(engine, fittedAt, lineObservations);

const HOUR = 3_600_000_000;
const observed = (meanS: number, n: number) => [
  {
    station: "S080",
    cycles: [],
    stops: [
      {
        stop: "microStop" as const,
        betweenS: Array.from({ length: n }, () => meanS),
        censoredS: [],
        durationsS: [],
        responsesS: [],
        repairsS: [],
        wholeRepairsS: [],
      },
    ],
    rests: { stood: 0, ended: 0 },
    setUps: [],
    tries: [],
    scrapped: { n: 0, scrapped: 0 },
    runs: [],
    travel: [],
  },
];

/** Ten closed shifts; what was observed of all, and of those since an instant. */
function engineOf(all: ReturnType<typeof observed>, since: ReturnType<typeof observed>): LineEngine {
  const shifts = Array.from(
    { length: 10 },
    (_, n) => ({ planned: true, closed: true, from: n * 8 * HOUR, to: (n + 1) * 8 * HOUR }) as ShiftResult,
  );
  const real = createLineEngine({ stations: [], flows: [], products: [], shifts: [] } as never, { zoneOffset: () => 0 });
  return {
    ...real,
    shiftIds: () => shifts.map((_, n) => String(n)),
    shift: (id) => shifts[Number(id)],
    observations: (_before, from) => (from === undefined ? all : since),
  };
}

test("[SV61] a plant that stops twice as often since the fork is told as drifted, with what it was and is; one that does not is not", () => {
  const drifted = engineOf(
    observed(1_000, 0).map((entry) => ({
      ...entry,
      stops: [{ ...entry.stops[0]!, betweenS: [...Array<number>(200).fill(1_200), ...Array<number>(100).fill(600)] }],
    })),
    observed(600, 100),
  );
  expect(driftNotice(drifted, 7 * 8 * HOUR)).toEqual({
    since: 7 * 8 * HOUR,
    shifts: 3,
    asked: 1,
    falseAlarms: 0.05,
    drifts: [{ station: "S080", name: "stopBetween/microStop", unit: "min", before: 20, recent: 10, n: 100 }],
  });
  expect(driftNotice(drifted, undefined)).toMatchObject({ since: 5 * 8 * HOUR, shifts: 5, drifts: [{ station: "S080" }] });
  expect(driftNotice(engineOf(observed(1_000, 300), observed(1_000, 100)), 7 * 8 * HOUR)).toMatchObject({ asked: 1, drifts: [] });
});

test("[SV61] before a shift has closed since the fork nothing is asked, and of no line nothing is known", () => {
  const engine = engineOf(observed(1_000, 300), observed(600, 100));
  expect(driftNotice(engine, 11 * 8 * HOUR)).toEqual({ shifts: 0, asked: 0, falseAlarms: 0.05, drifts: [] });
  expect(driftNotice(undefined, undefined)).toMatchObject({ shifts: 0, drifts: [] });
});

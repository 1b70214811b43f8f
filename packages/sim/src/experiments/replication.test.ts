import { HOUR, SECOND } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { LineModel } from "../line/line-model.ts";
import { runReplication } from "./replication.ts";

test("[X15] the warm-up of a study is taken from its horizon, and shifts that it reaches into do not count", () => {
  const line: LineModel = {
    format: "doppelwerk-line/1",
    id: "one",
    products: [{ id: "A" }],
    stations: [{ id: "S1", places: 1, cycle: { time: { kind: "constant", value: 60 } }, source: { program: true } }],
    calendar: { kind: "list", shifts: [0, 8, 16].map((hour, i) => ({ id: `s${i}`, start: hour * HOUR, end: (hour + 8) * HOUR })) },
  };
  const outcome = (warmUpS: number) =>
    runReplication(
      { nominal: line, edited: line, parameters: [] },
      {
        kind: "study",
        seed: 1,
        replication: 0,
        start: 0,
        horizonS: (24 * HOUR) / SECOND,
        warmUpS,
        drawParameters: false,
        outputStepS: 3_600,
      },
    );
  expect(outcome(0).shiftGood).toEqual([480, 480, 480]);
  expect(outcome(3_600)).toMatchObject({ shiftGood: [480, 480], goodPerShift: 480, good: 23 * 60 });
});

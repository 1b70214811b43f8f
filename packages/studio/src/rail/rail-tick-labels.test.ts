import { expect, test } from "vitest";
import { tickLabels } from "./rail-tick-labels.ts";

test("[U147] the hour that the pill of now would cover stands beside the pill while that is over its tick; one below the pill is left out", () => {
  const hours = [1_080, 1_152, 1_224, 1_296].map((x) => ({ x, width: 34 }));
  const now = { left: 1_247, right: 1_396 };
  expect(tickLabels(hours, [now], 1_400)).toEqual([1_081, 1_153, 1_210, undefined]);
  expect(tickLabels(hours, [], 1_400)).toEqual([1_081, 1_153, 1_225, 1_297]);
  expect(tickLabels([{ x: 1_249, width: 34 }], [now], 1_400)).toEqual([1_210]);
  // it never comes to lie on the label before it, nor beyond the edge
  expect(
    tickLabels(
      [
        { x: 1_190, width: 34 },
        { x: 1_224, width: 34 },
      ],
      [now],
      1_400,
    ),
  ).toEqual([1_191, undefined]);
  expect(tickLabels(hours, [], 1_320)).toEqual([1_081, 1_153, 1_225, undefined]);
});

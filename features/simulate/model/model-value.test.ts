import { expect, test } from "vitest";
import type { Factor, FittedParameter } from "@doppelwerk/client";
import { modelValue } from "./model-value.ts";

const factor: Factor = {
  element: "element:1",
  key: "S090/IdealCycleTime",
  station: "S090",
  label: { en: "Cycle time", zh: "节拍时间" },
  unit: "s",
  group: "cycle",
  parameter: "cycle/",
  live: 237,
  value: 237,
  min: 100,
  max: 300,
  step: 1,
  propertyClass: "quality",
  outsideObserved: false,
};
const fitted: FittedParameter = {
  station: "S090",
  name: "cycle/",
  unit: "s",
  distribution: "lognormal",
  mean: 208,
  low: 207,
  high: 209,
  n: 6378,
  pooled: false,
  source: "fitted",
  nominal: 237,
  fit: "",
};

test("[SV88] a factor shows what the model takes: the fitted mean, changed in the ratio of an edit, with where it comes from", () => {
  expect(modelValue(factor, 237, [fitted])).toEqual({ live: 208, here: 208, source: "fitted", n: 6378 });
  // 237 × 0.9 = 213.3 stated is 208 × 0.9 = 187.2 in the model
  expect(modelValue(factor, 213.3, [fitted])!.here).toBeCloseTo(187.2, 9);
  // a parameter in minutes of a factor in seconds: 1.5 min fitted for 1 min stated, 54.8 s × 1.5
  const stop = { ...factor, parameter: "stopDuration/microStop", live: 54.8 };
  const minutes = { ...fitted, name: "stopDuration/microStop", unit: "min", mean: 1.5, nominal: 1, n: 196 };
  expect(modelValue(stop, 54.8, [fitted, minutes])!.live).toBeCloseTo(82.2, 9);
});

test("[SV88] what no history stands behind is shown as stated: counts, and a plant without history", () => {
  expect(modelValue({ ...factor, parameter: undefined }, 7, [fitted])).toBeUndefined();
  expect(modelValue(factor, 237, [])).toBeUndefined();
  expect(modelValue(factor, 237, [{ ...fitted, source: "nominal", n: 0, mean: 237 }])).toEqual({
    live: 237,
    here: 237,
    source: "nominal",
    n: 0,
  });
});

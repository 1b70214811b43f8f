import type { ModelPort } from "@doppelwerk/client";
import { expect, test } from "vitest";
import { boundsText, portDifferences } from "./port-differences.ts";

const port = (name: string, more: Partial<ModelPort> = {}): ModelPort => ({
  name,
  type: "Float64",
  causality: "input",
  variability: "continuous",
  size: 1,
  ...more,
});

test("[U70] two versions differ in the ports that came, went, or changed type, unit or bounds; alike ones are not told", () => {
  const before = [port("a"), port("b", { unit: "K", max: 400 }), port("gone")];
  const after = [port("a"), port("b", { unit: "Cel", max: 400, min: 0 }), port("new")];
  expect(portDifferences(before, after)).toEqual([
    {
      name: "b",
      kind: "changed",
      fields: [
        { field: "unit", from: "K", to: "Cel" },
        { field: "min", from: "–", to: "0" },
      ],
    },
    { name: "gone", kind: "removed", fields: [] },
    { name: "new", kind: "added", fields: [] },
  ]);
  expect(portDifferences(before, before)).toEqual([]);
  expect([{}, { min: 0 }, { max: 9 }, { min: -1, max: 1 }].map(boundsText)).toEqual(["", "≥ 0", "≤ 9", "-1–1"]);
});

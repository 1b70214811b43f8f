import type { DeclaredSignal } from "@doppelwerk/client";
import { expect, test } from "vitest";
import { draftOf, isTypeChoosable, numberFieldsOf, patchOf } from "./declaration-draft.ts";

const signal: DeclaredSignal = {
  id: "signal:serial",
  name: "Serial",
  valueType: "integer",
  low: 0,
  high: 10,
  counter: { type: "totaliser" },
};

test("[CN12] a number that is declared as text sends its type, and no band or counter; unchanged it sends no type", () => {
  const draft = draftOf(signal);
  expect(patchOf(draft, signal, [], false)).toEqual({
    unit: null,
    low: 0,
    high: 10,
    resolution: null,
    aliveS: null,
    deadband: null,
    minIntervalS: null,
    counter: { type: "totaliser" },
  });
  const asText = { ...draft, valueType: "string" } as const;
  expect(numberFieldsOf(asText)).toEqual(["aliveS", "minIntervalS"]);
  expect(patchOf(asText, signal, [], false)).toEqual({ valueType: "string", unit: null, aliveS: null, minIntervalS: null });
});

test("[CN12] numbers and texts can be exchanged, truth values and states cannot", () => {
  const types = ["double", "integer", "string", "boolean", "enumeration"] as const;
  expect(types.filter((valueType) => isTypeChoosable({ valueType }))).toEqual(["double", "integer", "string"]);
});

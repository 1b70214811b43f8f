import { quality } from "@doppelwerk/world";
import { StatusCodes } from "node-opcua";
import { expect, test } from "vitest";
import { qualityOf } from "./raw-value.ts";

test("[C196] the initial value of a variable that nobody wrote to is none; other uncertain values are uncertain", () => {
  expect(qualityOf(StatusCodes.UncertainInitialValue.value)).toBe(quality.bad);
  expect(qualityOf(StatusCodes.UncertainLastUsableValue.value)).toBe(quality.uncertain);
  expect(qualityOf(StatusCodes.UncertainSubNormal.value)).toBe(quality.uncertain);
  expect(qualityOf(StatusCodes.Good.value)).toBe(quality.good);
  expect(qualityOf(StatusCodes.BadNoCommunication.value)).toBe(quality.bad);
});

import { expect, test } from "vitest";
import type { LossRow } from "../contract.ts";
import { lossText, shownLosses } from "./loss-text.ts";

const row = (state: string, minutes: number, more: Partial<LossRow> = {}): LossRow => ({
  state,
  seconds: minutes * 60,
  units: minutes / 2,
  ...more,
});

test("[LS11] whole minutes and units of the rows add up to those of the title, also where small rows are shown as one", () => {
  // 42.48 + 31.46 + 7.2 + 3.3 + 2.4 = 86.84 min and 43.42 units
  const rows = [row("failed", 42.48), row("speed", 31.46), row("setUp", 7.2), row("reject", 3.3), row("rework", 2.4)];
  const all = shownLosses({ rows }, 8);
  expect(all.map(({ minutes }) => minutes)).toEqual([43, 32, 7, 3, 2]);
  expect(all.map(({ units }) => units)).toEqual([21, 16, 3, 2, 1]);
  const few = shownLosses({ rows }, 3);
  expect(few.map(({ key, minutes, units }) => [key, minutes, units])).toEqual([
    ["failed   ", 43, 21],
    ["speed   ", 32, 16],
    ["rest", 12, 6],
  ]);
  expect(few[2]!.losses.map(({ state }) => state)).toEqual(["setUp", "reject", "rework"]);
  const noCycle = shownLosses({ rows: [{ state: "unknown", seconds: 90 }] }, 8);
  expect(noCycle).toMatchObject([{ minutes: 2, units: undefined }]);
});

test("[LS11] a row says what was lost by what: a wait by its station and what that one did, a speed below zero as faster", () => {
  const codes = Object.assign((code: string, params: object = {}) => [code, ...Object.values(params)].join(" "), {
    or: (code: string) => code,
  }) as unknown as Parameters<typeof lossText>[1];
  const text = (loss: LossRow): string => lossText(loss, codes);
  expect(text(row("blocked", 1, { station: "S110", stationState: "failed" }))).toBe("losses.budget.blockedBy S110 machinestate.failed");
  expect(text(row("starved", 1, { cause: "material" }))).toBe("losses.budget.waitMaterial");
  expect(text(row("starved", 1, { cause: "outside" }))).toBe("losses.budget.starvedOutside");
  expect(text(row("blocked", 1, { cause: "unclear" }))).toBe("losses.budget.blockedUnclear");
  expect([text(row("speed", 1)), text(row("speed", -1))]).toEqual(["losses.budget.slower", "losses.budget.faster"]);
  // at a constraint with a planned takt that is what its speed is measured against
  expect([lossText(row("speed", 1), codes, true), lossText(row("speed", -1), codes, true)]).toEqual([
    "losses.budget.slowerThanTakt",
    "losses.budget.fasterThanTakt",
  ]);
  expect([text(row("unknown", 1)), text(row("failed", 1))]).toEqual(["losses.budget.unknown", "machineState.failed"]);
});

import type { LineDefinition } from "@doppelwerk/operations";
import type { LineFlow } from "@doppelwerk/ports";
import { MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { figuresOfLines } from "./line-figures.ts";

const SIX = Date.UTC(2026, 10, 30, 6) * 1_000;
const at = (minute: number): number => SIX + minute * MINUTE;

function flowWith(shifts: LineDefinition["shifts"]): LineFlow {
  const definition = { id: "line", timeZone: "UTC", taktS: 60, constraint: "B", shell: "urn:line", stations: [], shifts };
  return {
    folded: async () => [{ definition }],
    lines: async () => ({ lines: [{ id: "line", stations: [] }] }),
    constraintStates: async () => undefined,
    plannedStates: async () => undefined,
  } as unknown as LineFlow;
}

const figuresAt = async (flow: LineFlow, instant: number) => {
  const ports = { line: flow, shifts: undefined, runs: undefined, lossCauses: { of: async () => [] } as never };
  const [line] = await figuresOfLines(ports, { at: instant, past: false, reading: false });
  return line!.figures;
};

test("[PT41] the breaks of the shift are there with their beginning and end, whatever of them is over; outside of a shift there is none", async () => {
  const shift = {
    name: "Early",
    startMinute: 6 * 60,
    endMinute: 14 * 60,
    days: [1, 2, 3, 4, 5],
    breaks: [
      { startMinute: 9 * 60, minutes: 15 },
      { startMinute: 12 * 60, minutes: 30 },
    ],
  };
  const flow = flowWith([shift]);
  const breaks = [
    { from: at(180), to: at(195) },
    { from: at(360), to: at(390) },
  ];
  for (const minute of [0, 185, 195, 400]) expect((await figuresAt(flow, at(minute))).breaks).toEqual(breaks);
  expect((await figuresAt(flow, at(-1))).breaks).toBeUndefined();
  // nothing is due in it
  expect((await figuresAt(flow, at(195))).due).toBe(180);
  // at the end of the shift
  const close = { ...shift, breaks: [{ startMinute: 13 * 60 + 30, minutes: 30 }] };
  expect((await figuresAt(flowWith([close]), at(0))).breaks).toEqual([{ from: at(450), to: at(480) }]);
});

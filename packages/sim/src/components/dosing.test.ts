import { expect, test } from "vitest";
import type { FlowModel } from "./flow-model.ts";
import { createFlowRun, runFlow } from "./flow-run.ts";
import { exponential, flowOf } from "./truths.fixture.ts";
import { validateFlowModel } from "./validate-flow.ts";

function run(model: FlowModel, durationS: number, warmUpS = 0) {
  expect(validateFlowModel(model)).toEqual([]);
  const result = runFlow(model, { seed: 1, warmUpS, durationS });
  expect(result.conservation.balanced && result.littlesLaw.holds).toBe(true);
  expect(Math.abs(result.conservation.litresMissing)).toBeLessThan(1e-12);
  return result;
}

/** A tank that is drawn from at 3 L/s; a lorry of 60 L is called at 40 L and pours five seconds later. */
const refill: FlowModel = flowOf(
  { id: "T", type: "tank", capacityL: 100, initialL: 100 },
  { id: "use", type: "pipe", from: "T", rateLps: 3 },
  { id: "call", type: "source", whenLevel: { tank: "T", fallsToL: 40 }, to: "lorry" },
  { id: "lorry", type: "station", buffer: "unlimited", time: 5, gives: [{ tank: "T", litres: 60 }], to: "out" },
);

test("[C24] a level that is reached calls an item, to the microsecond, each time it falls there", () => {
  // 100 → 40 L in 20 s, 25 L when the lorry pours, 85 L after; a lorry every 60 ÷ 3 s
  const early = createFlowRun(refill, { seed: 1 });
  early.advanceTo(19.999998);
  expect(early.result().components["call"]!.in).toBe(0);
  early.advanceTo(20);
  expect(early.result().components["call"]!.in).toBe(1);
  const result = run(refill, 2000, 25);
  expect(result.good).toBe(100);
  expect(result.tanks["T"]!.levelMeanL).toBeCloseTo(55, 4);
  expect(result.components["lorry"]!.litresGiven).toBeCloseTo(6000, 6);
});

test("[C24] a pipe that is controlled by a level opens and shuts at its marks", () => {
  const result = run(
    {
      format: "doppelwerk-flow/1",
      components: [
        { id: "T", type: "tank", capacityL: 100, initialL: 50 },
        { id: "use", type: "pipe", from: "T", rateLps: 1 },
        { id: "fill", type: "pipe", to: "T", rateLps: 3, control: { tank: "T", opensAtL: 20, shutsAtL: 80 } },
      ],
    },
    900,
    30,
  );
  // 30 s up at 2 L/s, 60 s down at 1 L/s, the pipe open for a third
  expect(result.pipes["fill"]!.litres).toBeCloseTo(900, 3);
  expect(result.tanks["T"]).toMatchObject({ emptyShare: 0, fullShare: 0 });
  expect(result.tanks["T"]!.levelMeanL).toBeCloseTo(50, 4);
});

test("[C23] a station draws its litres before work, all or none, and waits for them", () => {
  const filler: FlowModel = flowOf(
    { id: "bottles", type: "source", to: "filler" },
    { id: "filler", type: "station", time: 0.5, takes: [{ tank: "T", litres: 2 }], to: "out" },
    { id: "T", type: "tank", capacityL: 10 },
    { id: "supply", type: "pipe", to: "T", rateLps: 1 },
  );
  const result = run(filler, 1000, 2.5);
  expect(result.good).toBe(500);
  expect(result.components["filler"]!.shares!.starved).toBeCloseTo(0.75, 4);
  expect(result.components["filler"]!.litresTaken).toBeCloseTo(1000, 3);
});

test("[C23] a station pours after work when there is room, and is blocked until then", () => {
  const mixer: FlowModel = flowOf(
    { id: "bags", type: "source", to: "mixer" },
    { id: "mixer", type: "station", time: 1, gives: [{ tank: "T", litres: 5 }], to: "out" },
    { id: "T", type: "tank", capacityL: 10 },
    { id: "use", type: "pipe", from: "T", rateLps: 1 },
  );
  const result = run(mixer, 1000, 100);
  expect(result.good).toBe(200);
  expect(result.components["mixer"]!.shares!.blocked).toBeCloseTo(0.8, 4);
});

test("[C2] doses: with stops, breaks and people a forked run goes on as the original would, and no litre is lost", () => {
  const model: FlowModel = {
    ...flowOf(
      { id: "orders", type: "source", interarrival: exponential(6), to: "mixer" },
      {
        id: "mixer",
        type: "station",
        places: 2,
        buffer: "unlimited",
        time: exponential(5),
        takes: [{ tank: "water", litres: 4 }],
        gives: [{ tank: "mix", litres: 5 }],
        operators: [{ operators: "people" }],
        stops: [{ id: "fault", clock: "operating", between: exponential(60), duration: exponential(20) }],
        calendar: "shift",
        to: "filler",
      },
      {
        id: "filler",
        type: "station",
        buffer: 2,
        time: exponential(2),
        takes: [{ tank: "mix", litres: 3 }],
        setUp: { time: 1 },
        to: "out",
      },
      { id: "water", type: "tank", capacityL: 30, initialL: 30 },
      { id: "mix", type: "tank", capacityL: 20 },
      { id: "tap", type: "pipe", to: "water", rateLps: 2, control: { tank: "water", opensAtL: 10, shutsAtL: 28 } },
      { id: "drain", type: "pipe", from: "mix", rateLps: 0.5, control: { tank: "mix", opensAtL: 12, shutsAtL: 5 } },
    ),
    operators: [{ id: "people", count: 1 }],
    calendars: [{ id: "shift", periodS: 100, on: [{ fromS: 0, toS: 80 }] }],
  };
  const { good, tanks } = run(model, 5000);
  expect(good).toBeGreaterThan(300);
  expect(tanks["mix"]!.levelMeanL).toBeGreaterThan(1);
  const straight = createFlowRun(model, { seed: 5 });
  straight.advanceTo(777);
  const forked = straight.fork();
  const restored = createFlowRun(model, { seed: 5 });
  restored.restore(straight.snapshot());
  for (const each of [straight, forked, restored]) each.advanceTo(1500);
  expect(new Set([straight, forked, restored].map((each) => each.result().traceHash)).size).toBe(1);
});

test("[C3] marks beyond a tank and marks that coincide are refused", () => {
  const messages = (control: object): string =>
    validateFlowModel({
      format: "doppelwerk-flow/1",
      components: [
        { id: "T", type: "tank", capacityL: 100 },
        { id: "fill", type: "pipe", to: "T", rateLps: 3, control },
      ],
    })
      .map(({ message }) => message)
      .join("; ");
  expect(messages({ tank: "T", opensAtL: 20, shutsAtL: 120 })).toContain("more than");
  expect(messages({ tank: "T", opensAtL: 20, shutsAtL: 20 })).toContain("must differ");
  expect(messages({ tank: "U", opensAtL: 20, shutsAtL: 30 })).toContain("there is no tank");
});

import { isMessage, textOf } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { createFlowRun, runFlow } from "./flow-run.ts";
import type { FlowComponent, FlowModel } from "./flow-model.ts";
import { planFlow, runFlowExperiment } from "./flow-experiment.ts";
import { exponential, flowOf, queueOf } from "./truths.fixture.ts";
import { flowJsonSchema, validateFlowModel } from "./validate-flow.ts";
import { uniformAt } from "../random/philox.ts";

const messages = (value: unknown): string[] => validateFlowModel(value).map(({ path, message }) => `${path}: ${message}`);
const withStation = (fields: object): unknown => ({
  format: "doppelwerk-flow/1",
  components: [
    { id: "in", type: "source", to: "S", interarrival: 1 },
    { id: "S", type: "station", time: 1, to: "out", ...fields },
    { id: "out", type: "sink" },
  ],
});

test("[C3] errors have a path and say what was meant", () => {
  expect(messages(withStation({}))).toEqual([]);
  const meant: readonly (readonly [object, string])[] = [
    [{ servers: 2 }, 'components[1].servers: is not a field here; did you mean "places"?'],
    [{ placess: 2 }, 'components[1].placess: is not a field here; did you mean "places"?'],
    [{ to: "Out" }, 'components[1].to: there is no component "Out"; did you mean "out"?'],
    [{ to: "in" }, 'components[1].to: a source takes nothing: "in"'],
    [
      { time: { kind: "exponental", mean: 1 } },
      'components[1].time.kind: "exponental" is not known: a distribution is one of constant, exponential, erlang',
    ],
    [{ time: { kind: "exponential", rate: 1 } }, 'components[1].time.rate: is not a field here; did you mean "mean"?'],
    [{ time: "5" }, 'components[1].time: must be seconds as a number, or a distribution with kind, not "5"'],
    [{ time: -1 }, "components[1].time: must be a number from 0 to 10000000000, not -1"],
    [{ time: { kind: "uniform", low: 3, high: 1 } }, "components[1].time: needs 0 ≤ low ≤ high"],
    [
      { to: [{ to: "out", probability: 0.5 }] },
      "components[1].to: the probabilities add up to 0.5: the last way may go without one and takes the rest",
    ],
    [{ calendar: "night" }, 'components[1].calendar: there is no calendar "night"'],
    [{ operators: [{ skill: "weld" }] }, 'components[1].operators[0].skill: there is no skill "weld"'],
    [{ timeByProduct: { B: 1 } }, 'components[1].timeByProduct.B: there is no product "B"; there are item'],
    [
      { stops: [{ id: "s", clock: "operating", mtbf: 1, duration: 1 }] },
      'components[1].stops[0].mtbf: is not a field here; did you mean "between"?',
    ],
    [{ id: "a b" }, 'components[1].id: "a b" has other signs than letters, digits, _ and -, or is longer than 80'],
  ];
  for (const [fields, message] of meant) expect(messages(withStation(fields)).join("\n"), JSON.stringify(fields)).toContain(message);
});

test("[C3] no value makes the check throw, and what it lets through runs or ends with a sentence", () => {
  const seed = 20261124;
  let index = 0;
  const u = (): number => uniformAt(seed, 1, index++);
  const words = ["in", "S", "out", "b", "to", "", "__proto__", "unlimited"];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(u() * list.length)]!;
  const spoil = (value: unknown): unknown => {
    if (u() < 0.04) return pick([null, -1, 0, 1e300, "", pick(words), [], {}, true, [[]], 0.5]);
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [u() < 0.01 ? pick(words) : name, spoil(inner)]));
  };
  const good: unknown = {
    format: "doppelwerk-flow/1",
    run: { durationS: 50 },
    calendars: [{ id: "c", periodS: 20, on: [{ fromS: 0, toS: 10 }] }],
    operators: [{ id: "w", count: 1, skills: ["x"] }],
    limits: [{ id: "l", count: 3, from: "b", to: "S" }],
    components: [
      { id: "in", type: "source", to: "b", interarrival: { kind: "exponential", mean: 1 } },
      { id: "b", type: "buffer", capacity: 3, to: "S" },
      {
        id: "S",
        type: "station",
        time: 1,
        calendar: "c",
        operators: [{ skill: "x" }],
        stops: [{ id: "f", clock: "calendar", between: 10, duration: 2 }],
        to: [{ to: "out", probability: 0.5 }, { to: "b" }],
      },
      { id: "out", type: "sink" },
    ],
  };
  let ran = 0;
  for (let round = 0; round < 400; round++) {
    const value = spoil(good);
    if (validateFlowModel(value).some((finding) => finding.severity === "error")) continue;
    ran++;
    try {
      const result = runFlow(value as FlowModel, { seed: 1, durationS: 50, mostEvents: 20_000 });
      expect(result.conservation.balanced, `seed ${seed}, round ${round}`).toBe(true);
    } catch (error) {
      expect((error as Error).message, `seed ${seed}, round ${round}`).toMatch(
        /no progress|events were processed|has no route for|items are inside/,
      );
    }
  }
  expect(ran).toBeGreaterThan(20);
  for (const value of [null, 1, "x", [], {}, { format: "doppelwerk-flow/1", components: Array.from({ length: 6000 }, () => ({})) }])
    expect(validateFlowModel(value).length).toBeGreaterThan(0);
});

test("[C3] a circle that takes no time, a flood and too many events end with a sentence", () => {
  const circle = flowOf(
    { id: "in", type: "source", to: "a", limit: 1 },
    { id: "a", type: "buffer", to: "b" },
    { id: "b", type: "buffer", to: "a" },
  );
  expect(() => runFlow(circle, { seed: 1, durationS: 1 })).toThrow("no progress at 0 s");
  const still = flowOf({ id: "in", type: "source", to: "a", limit: 1 }, { id: "a", type: "station", time: 0, buffer: 1, to: "a" });
  expect(() => runFlow(still, { seed: 1, durationS: 1 })).toThrow("no progress at 0 s");
  const many = createFlowRun(queueOf(1, 0.001, 1), { seed: 1, mostEvents: 1000 });
  expect(() => many.advanceTo(100)).toThrow("1000 events were processed");
});

test("[C3] the JSON Schema names every type of component", () => {
  expect(JSON.stringify(flowJsonSchema())).toContain('"const":"disassembly"');
});

test("[C19] the warm-up is found, and replications are added until the half width is small enough", async () => {
  const model: FlowModel = {
    ...queueOf(1, exponential(1), exponential(0.7)),
    run: {
      durationS: 2000,
      warmUpS: "auto",
      replications: 5,
      precision: { kpi: "wip.mean", relativeHalfWidth: 0.05, maxReplications: 200 },
    },
  };
  const plan = planFlow(model);
  if (isMessage(plan)) throw new Error(textOf(plan));
  const { report, results } = await runFlowExperiment(model, plan, async (batch) =>
    batch.replications.map((replication) =>
      runFlow(model, {
        seed: batch.seed,
        replication,
        warmUpS: batch.warmUpS,
        durationS: batch.durationS!,
        ...(batch.seriesStepS === undefined ? {} : { seriesStepS: batch.seriesStepS }),
      }),
    ),
  );
  expect(report.warmUp.method).toBe("mser5");
  expect(report.precision?.reached).toBe(true);
  expect(report.kpis["wip.mean"]!.halfWidth! / report.kpis["wip.mean"]!.mean).toBeLessThanOrEqual(0.05);
  expect(results.length).toBeGreaterThan(5);
  expect(planFlow(queueOf(1, 1, 0.5))).toMatchObject({ code: "sim.durationRequired" });
});

test("[C3] an assembly that lacks an input for ever is told before it runs", () => {
  const cell = (to: string): unknown => ({
    format: "doppelwerk-flow/1",
    components: [
      { id: "in", type: "source", interarrival: 1, to: "cell" },
      { id: "lids", type: "source", to },
      { id: "cell", type: "assembly", inputs: [{ id: "body" }, { id: "lid" }], time: 1, to: "out" },
      { id: "out", type: "sink" },
    ],
  });
  expect(messages(cell("cell.lid"))).toEqual([]);
  expect(messages(cell("cell.body"))).toEqual(['components[2].inputs[1]: nothing goes to "cell.lid": "cell" never begins']);
});

test("[C3] times that cannot be drawn, needs that cannot be met and pipes without end are named; ids may be of any script", () => {
  const work = (time: unknown, more: object = {}): unknown =>
    flowOf({ id: "in", type: "source", to: "S" }, { id: "S", type: "station", time, to: "out", ...more } as FlowComponent);
  const message = (model: unknown): string => validateFlowModel(model).map((finding) => `${finding.path}: ${finding.message}`)[0] ?? "";
  expect(message(work({ kind: "lognormal", mean: 1, cv: 1e300 }))).toContain("components[1].time: needs mean > 0 and 0 ≤ cv ≤ 1000");
  expect(message(work({ kind: "weibull", scale: 1, shape: 0.001 }))).toContain("its mean is endless");
  expect(message(work({ kind: "normal", mean: -100, sd: 1 }))).toContain("nothing of it lies between 0 and Infinity");
  // narrow, not endless to draw
  expect(runFlow(work({ kind: "gamma", mean: 1, cv: 1e-9 }) as FlowModel, { seed: 1, durationS: 100 }).good).toBeGreaterThan(98);
  const people = { operators: [{ id: "o", count: 1 }] };
  const twice = { operators: [{ operators: "o" }, { operators: "o" }] };
  expect(message({ ...(work(1, twice) as object), ...people })).toContain('needs 2 people of "o" at once, there are 1');
  const pipe = (more: object): unknown => ({
    format: "doppelwerk-flow/1",
    components: [
      { id: "T", type: "tank", capacityL: 5 },
      { id: "p", type: "pipe", rateLps: 1, ...more },
    ],
  });
  expect(message(pipe({}))).toContain("needs from or to");
  expect(message(pipe({ from: "T", to: "T" }))).toContain("is the tank it comes from");
  expect(message(pipe({ to: "T", open: 0, shut: 0 }))).toContain("would turn without end");
  expect(message(flowOf({ id: "来料", type: "source", to: "机器_1" }, { id: "机器_1", type: "station", time: 1, to: "out" }))).toBe("");
  const endless = {
    format: "doppelwerk-flow/1",
    components: [
      { id: "in", type: "source", to: "S" },
      { id: "S", type: "station", time: 1, to: "S" },
    ],
  };
  expect(message(endless)).toContain("there is no sink");
  // ten thousand stations are a model, and ten thousand mistakes a hundred findings
  const long = (to: (i: number) => string): FlowModel =>
    flowOf(
      { id: "in", type: "source", to: "S0" },
      ...Array.from({ length: 10_000 }, (_, i): FlowComponent => ({ id: `S${i}`, type: "station", time: 1, to: to(i) })),
    );
  expect(message(long((i) => (i === 9_999 ? "out" : `S${i + 1}`)))).toBe("");
  expect(validateFlowModel(long((i) => `X${i}`)).filter(({ severity }) => severity === "error")).toHaveLength(100);
});

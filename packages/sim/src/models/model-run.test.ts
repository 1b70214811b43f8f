import { describe, expect, test } from "vitest";
import {
  columnNames,
  ModelRun,
  runModel,
  type ModelDescription,
  type ModelInstance,
  type ModelValue,
  type ModelVariable,
} from "./index.ts";

const variable = (name: string, reference: number, causality: ModelVariable["causality"]): ModelVariable => ({
  name,
  reference,
  type: "Float64",
  causality,
  variability: causality === "parameter" ? "tunable" : "continuous",
  size: 1,
});
const description: ModelDescription = {
  standard: "FMI 3.0",
  name: "Integrator",
  identifier: "Integrator",
  token: "t",
  capabilities: { variableStep: true, stateSaved: true, stateSerialised: true, eventMode: true, earlyReturn: true, needsTool: false },
  experiment: {},
  variables: [variable("u", 0, "input"), variable("y", 1, "output"), variable("k", 2, "parameter")],
};

/** y' = k u, exactly, in TypeScript: the port needs no FMU. Tells of an event at every whole second; `stuck` never gets beyond the first. */
function integrator({ stuck = false, endsAtS = Infinity, saves = true } = {}): ModelInstance {
  const values = [0, 0, 1];
  const outcome = { timeS: 0, event: false, terminate: false };
  return {
    description,
    stateFault: saves ? undefined : "it has no way to",
    set: ({ reference }, [value]: readonly ModelValue[]) => void (values[reference] = Number(value)),
    get: ({ reference }) => [values[reference]!],
    initialise: (startS) => void (outcome.timeS = startS),
    writer: (own) => (given) => own.forEach(({ reference }, at) => (values[reference] = given[at]!)),
    reader: (own) => (into) => own.forEach(({ reference }, at) => (into[at] = values[reference]!)),
    step(timeS, stepS) {
      const second = Math.floor(timeS + 1e-9) + 1;
      outcome.event = second <= timeS + stepS + 1e-9;
      const next = outcome.event ? second : timeS + stepS;
      outcome.timeS = stuck && timeS >= 1 ? timeS : next;
      outcome.terminate = next >= endsAtS - 1e-9;
      values[1] = values[1]! + values[2]! * values[0]! * (outcome.timeS - timeS);
      return outcome;
    },
    saveState: () => new Uint8Array(new Float64Array(values).buffer),
    loadState: (state) => void new Float64Array(state.slice().buffer).forEach((value, at) => (values[at] = value)),
    takeLog: () => [],
    close: () => {},
  };
}

describe("models from elsewhere", () => {
  test("[MD1] inputs are held between their values; a step that ends where one changes gives the exact integral", () => {
    const plan = { stepS: 0.4, durationS: 2, inputs: [{ variable: "u", offsetsS: [0, 0.5], values: [1, 3] }] };
    const y = (stepAtInputs: boolean) => runModel(integrator(), { ...plan, stepAtInputs }).columns[0]!.values.at(-1)!;
    expect(y(true)).toBeCloseTo(0.5 + 3 * 1.5, 9);
    expect(y(false)).toBeCloseTo(0.8 + 3 * 1.2, 9);
  });

  test("[MD2] a step that returns early is carried on, every event is a row, and a model may end the run", () => {
    const result = runModel(integrator(), { stepS: 0.4, durationS: 2, parameters: { k: 2 } });
    expect(result.eventsS).toEqual([1, 2]);
    expect(result.timesS.length).toBe(6 + 2);
    expect(runModel(integrator({ endsAtS: 1 }), { stepS: 0.4, durationS: 2 }).endedByModelAtS).toBe(1);
    expect(() => runModel(integrator({ stuck: true }), { stepS: 0.4, durationS: 2 })).toThrow("does not get beyond 1 s");
  });

  test("[MD3] straight, in pieces, restored or forked: one trace; where the state cannot be saved this is refused", () => {
    const plan = { stepS: 0.25, durationS: 3, inputs: [{ variable: "u", offsetsS: [0, 1.3, 2], values: [1, 2, 5] }] };
    const { traceHash } = runModel(integrator(), plan);
    const pieces = new ModelRun(integrator(), plan);
    for (const until of [0.25, 1, 1.5]) pieces.advance(until);
    const fork = new ModelRun(integrator(), plan, pieces.snapshot());
    for (const run of [pieces, fork]) {
      run.advance(3);
      expect(run.ended).toBe(true);
      expect(run.result().traceHash).toBe(traceHash);
    }
    expect(() => new ModelRun(integrator({ saves: false }), plan).snapshot()).toThrow("it has no way to");
    expect(() => new ModelRun(integrator(), plan, new Uint8Array(3))).toThrow("no snapshot");
  });

  test("[MD4] the elements of an array are columns of their own, counted from 1, row by row", () => {
    expect(columnNames({ ...variable("A", 1, "output"), size: 4, dimensions: [2, 2] })).toEqual(["A[1,1]", "A[1,2]", "A[2,1]", "A[2,2]"]);
  });
});

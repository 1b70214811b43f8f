import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelRun, runModel, type ModelRunPlan, type ModelRunResult } from "@doppelwerk/sim/models";
import { afterAll, describe, expect, test } from "vitest";
import { fixtureModels } from "./fixtures/descriptions.ts";
import { packFmu } from "./fixtures/pack-fmu.ts";
import { instantiateWasm, readFmu, runFmu, type Fmu } from "./index.ts";
import { trajectories } from "./fixtures/trajectories.ts";

const here = dirname(fileURLToPath(import.meta.url));

function fixture(identifier: string, standard: 2 | 3): Fmu {
  const { fmu, findings } = readFmu(readFileSync(join(here, "fixtures/fmu", `${identifier}.${standard}.fmu`)));
  expect(findings).toEqual([]);
  return fmu!;
}

const planOf = ({ description: { experiment } }: Fmu): ModelRunPlan => ({ stepS: experiment.stepS!, durationS: experiment.stopS! });

/** Greatest distance of a result from the trajectory written down in the test, at communication points. */
function worst(result: ModelRunResult, identifier: string): number {
  let distance = 0;
  for (const [t, ...values] of trajectories[identifier]!()) {
    // at an event the values after it count
    const row = result.timesS.findLastIndex((time) => Math.abs(time - t!) < 1e-9);
    expect(row, `${identifier} at ${t}`).toBeGreaterThanOrEqual(0);
    for (const [column, value] of values.entries()) distance = Math.max(distance, Math.abs(result.columns[column]!.values[row]! - value));
  }
  return distance;
}

const cases = fixtureModels.flatMap(({ identifier, only3 }) =>
  identifier in trajectories
    ? only3
      ? ([[identifier, 3]] as const)
      : ([
          [identifier, 2],
          [identifier, 3],
        ] as const)
    : [],
);

describe("truth", () => {
  test.each(cases)(
    "[EN12] %s of FMI %i as WebAssembly follows its trajectory within 1e-6, and the same way every time",
    (identifier, standard) => {
      const fmu = fixture(identifier, standard);
      const first = runModel(instantiateWasm(fmu), planOf(fmu));
      expect(worst(first, identifier)).toBeLessThanOrEqual(1e-6);
      expect(runModel(instantiateWasm(fmu), planOf(fmu)).traceHash).toBe(first.traceHash);
    },
  );

  test("[EN12] Dahlquist's equation is (1 − k h)ⁿ with any k, and approaches exp(−k t) with a smaller step of its own", () => {
    const fmu = fixture("Dahlquist", 3);
    const { columns } = runModel(instantiateWasm(fmu), { stepS: 0.1, durationS: 5, parameters: { k: 0.5 } });
    expect(columns[0]!.values.at(-1)).toBeCloseTo(0.95 ** 50, 12);
    expect(Math.abs(columns[0]!.values.at(-1)! - Math.exp(-2.5))).toBeLessThan(0.01);
  });
});

describe("values", () => {
  test("[EN13] every type comes back as it was given, to its last bit", () => {
    const instance = instantiateWasm(fixture("Feedthrough", 3));
    const variable = (name: string) => instance.description.variables.find((each) => each.name === name)!;
    const given = {
      Float32: 0.5,
      Float64_continuous: -1e300,
      Int8: -128,
      UInt16: 65_535,
      Int32: -2_147_483_648,
      Int64: -9_223_372_036_854_775_808n,
      UInt64: 18_446_744_073_709_551_615n,
      Boolean: true,
      String: "größe 大",
      Binary: Uint8Array.of(0, 1, 255),
      Enumeration: 2,
    };
    for (const [name, value] of Object.entries(given)) instance.set(variable(`${name}_input`), [value]);
    instance.initialise(0);
    for (const [name, value] of Object.entries(given)) expect(instance.get(variable(`${name}_output`)), name).toEqual([value]);
    instance.close();
  });

  test("[EN13] inputs are held until the next value, and a step may end where one changes", () => {
    const fmu = fixture("Feedthrough", 3);
    const input = { variable: "Float64_continuous_input", offsetsS: [-1, 0.25, 0.4], values: [3, 4, 5] };
    const discrete = { variable: "Float64_discrete_input", offsetsS: [0.3], values: [7] };
    const plan = {
      stepS: 0.1,
      durationS: 0.5,
      inputs: [input, discrete],
      outputs: ["Float64_continuous_output", "Float64_discrete_output"],
    };
    const held = runModel(instantiateWasm(fmu), plan);
    expect([...held.columns[0]!.values]).toEqual([3, 3, 3, 4, 5, 5]);
    expect([...held.columns[1]!.values]).toEqual([7, 7, 7, 7, 7, 7]);
    expect(runModel(instantiateWasm(fmu), { ...plan, stepAtInputs: true }).steps).toBe(6);
  });

  test("[EN13] arrays are told element by element, and resources are read", () => {
    const fmu = fixture("StateSpace", 3);
    const { columns } = runModel(instantiateWasm(fmu), { stepS: 1, durationS: 1, parameters: { u: [10, 0, 0] } });
    expect(columns.map(({ name, values }) => [name, values[1]])).toEqual([
      ["y[1]", 20],
      ["y[2]", 0],
      ["y[3]", 0],
    ]);
    for (const standard of [2, 3] as const)
      expect(runModel(instantiateWasm(fixture("Resource", standard)), { stepS: 1, durationS: 1 }).columns[0]!.values[0]).toBe(97);
  });

  test.each([
    [{ parameters: { none: 1 } }, 'no variable "none"'],
    [{ parameters: { h: 1 } }, '"h" cannot be set'],
    [{ parameters: { e: 2 } }, "lies between 0.5 and 1"],
    [{ stepS: 0 }, "microsecond"],
    [{ inputs: [{ variable: "g", offsetsS: [0], values: [1] }] }, "is no input"],
    [{ stepS: 1e-6, durationS: 1e6 }, "values would be recorded"],
  ])("[EN13] a plan that does not fit is refused before the model runs: %j", (plan, why) => {
    const fmu = fixture("BouncingBall", 2);
    expect(() => runModel(instantiateWasm(fmu), { ...planOf(fmu), ...plan })).toThrow(why);
  });
});

describe("events and state", () => {
  test("[EN14] a model of FMI 3.0 tells its events where they are, between communication points", () => {
    const fmu = fixture("BouncingBall", 3);
    const { eventsS } = runModel(instantiateWasm(fmu), { stepS: 1, durationS: 2 });
    // first bounce at √(2/9.81) s, found by a solver of 1 ms
    expect(Math.abs(eventsS[0]! - Math.sqrt(2 / 9.81))).toBeLessThan(2e-3);
    expect(runModel(instantiateWasm(fixture("Stair", 3)), { stepS: 0.2, durationS: 20 }).endedByModelAtS).toBeCloseTo(9, 9);
    expect(runModel(instantiateWasm(fixture("Stair", 2)), { stepS: 0.2, durationS: 20 }).endedByModelAtS).toBeCloseTo(9, 9);
  });

  test.each(cases)("[EN15] a fork of %s of FMI %i goes on to the trace of the straight run", (identifier, standard) => {
    const fmu = fixture(identifier, standard);
    const plan = planOf(fmu);
    const straight = runModel(instantiateWasm(fmu), plan);
    const half = Math.round(plan.durationS / plan.stepS / 2) * plan.stepS;
    const first = new ModelRun(instantiateWasm(fmu), plan);
    first.advance(half);
    const state = first.snapshot();
    for (const run of [new ModelRun(instantiateWasm(fmu), plan, state), new ModelRun(instantiateWasm(fmu), plan, state), first]) {
      run.advance(plan.durationS);
      expect(run.result().traceHash).toBe(straight.traceHash);
    }
  });

  test("[EN15] a state of another model is refused, and a fork may differ in its inputs from there on", () => {
    const fmu = fixture("Feedthrough", 3);
    const run = new ModelRun(instantiateWasm(fmu), {
      stepS: 0.1,
      durationS: 1,
      inputs: [series(0, 1)],
      outputs: ["Float64_continuous_output"],
    });
    run.advance(0.5);
    const plan = { stepS: 0.1, durationS: 1, inputs: [series(0.7, 9)], outputs: ["Float64_continuous_output"] };
    const fork = new ModelRun(instantiateWasm(fmu), plan, run.snapshot());
    fork.advance(1);
    expect(fork.result().columns[0]!.values.at(-1)).toBe(9);
    expect(() => new ModelRun(instantiateWasm(fixture("Stair", 3)), { stepS: 0.1, durationS: 1 }, run.snapshot())).toThrow("another model");
  });
});

function series(offsetS: number, value: number) {
  return { variable: "Float64_continuous_input", offsetsS: [offsetS], values: [value] };
}

describe("a model that misbehaves", () => {
  const deed = (what: number): ModelRunPlan => ({ stepS: 0.5, durationS: 2, parameters: { deed: what } });
  const run = (what: number, deadlineS = 30) => runFmu(fixture("Hostile", 3), { plan: deed(what), deadlineS });

  test("[EN16] as WebAssembly: a trap, an exit, memory without end and a hang become one error each; refusal is told in its own words", async () => {
    await expect(run(1)).rejects.toThrow(/failed in fmi3DoStep/);
    await expect(run(3)).rejects.toThrow(/ended itself with code 7/);
    await expect(run(4)).rejects.toThrow(/failed in/);
    await expect(run(5)).resolves.toBeDefined();
    await expect(run(2, 1)).rejects.toThrow(/did not finish/);
  });
});

describe("native code", () => {
  const compiler = compilerOf();
  const scratch = mkdtempSync(join(tmpdir(), "fmu-test-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  if (compiler === undefined) console.log("native models are not tested: there is no C compiler (cc)");

  const native = (identifier: string, standard: 2 | 3): Fmu => readFmu(nativeBytes(identifier, standard)).fmu!;

  function nativeBytes(identifier: string, standard: 2 | 3): Uint8Array {
    const model = fixtureModels.find((each) => each.identifier === identifier)!;
    const library = join(scratch, `${identifier}${standard}.so`);
    const sources = join(here, "fixtures");
    const flags = ["-O2", "-shared", "-fPIC", "-ffp-contract=off", `-DFMI=${standard}`, `-DMODEL="models/${model.source}.h"`];
    execFileSync(compiler!, [...flags, "-o", library, join(sources, "fmu.c"), "-lm"]);
    const folder = `${process.arch === "x64" ? "x86_64" : "aarch64"}-${process.platform}`;
    const suffix = process.platform === "darwin" ? "dylib" : "so";
    return packFmu(model, standard, { [`binaries/${folder}/${identifier}.${suffix}`]: new Uint8Array(readFileSync(library)) });
  }

  test.skipIf(compiler === undefined)("[EN17] native code runs only where it was allowed, and never in this process", async () => {
    const fmu = native("Dahlquist", 3);
    await expect(runFmu(fmu, { plan: planOf(fmu), deadlineS: 30 })).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
    expect(() => instantiateWasm(fmu)).toThrow("never runs in this process");
  });

  test.skipIf(compiler === undefined).each([
    ["BouncingBall", 2],
    ["VanDerPol", 3],
  ] as const)(
    "[EN17] %s of FMI %i compiled for this machine follows its trajectory, with the trace of the WebAssembly",
    async (identifier, standard) => {
      const fmu = native(identifier, standard);
      const { result } = await runFmu(fmu, { plan: planOf(fmu), deadlineS: 60, native: true });
      expect(worst(result, identifier)).toBeLessThanOrEqual(1e-6);
      const wasm = fixture(identifier, standard);
      expect(result.traceHash).toBe(runModel(instantiateWasm(wasm), planOf(wasm)).traceHash);
    },
  );

  test.skipIf(compiler === undefined)("[EN17] its state is saved by its own functions, and texts and resources reach it", async () => {
    const ball = native("BouncingBall", 3);
    const plan = planOf(ball);
    const wasm = fixture("BouncingBall", 3);
    const { snapshot } = await runFmu(ball, { plan: { ...plan, durationS: 1 }, deadlineS: 60, native: true, snapshot: true });
    const on = await runFmu(ball, { plan, from: snapshot!, deadlineS: 60, native: true });
    expect(on.result.traceHash).toBe(runModel(instantiateWasm(wasm), plan).traceHash);
    const resource = native("Resource", 2);
    expect((await runFmu(resource, { plan: planOf(resource), deadlineS: 60, native: true })).result.columns[0]!.values[0]).toBe(97);
  });

  test.skipIf(compiler === undefined)("[EN18] a crash, an exit and a hang end its process, and become one clear error each", async () => {
    const fmu = native("Hostile", 2);
    const run = (what: number, deadlineS = 60) =>
      runFmu(fmu, { plan: { stepS: 0.5, durationS: 2, parameters: { deed: what } }, deadlineS, native: true });
    await expect(run(1)).rejects.toThrow(/crashed its process \(SIG/);
    await expect(run(3)).rejects.toThrow(/ended its process \(exit code 7\)/);
    await expect(run(2, 1.5)).rejects.toThrow(/did not finish/);
  });

  test.skipIf(compiler === undefined || process.platform !== "linux")(
    "[EN18] a hanging model ends with a parent that was killed",
    async () => {
      const file = join(scratch, "hostile.fmu");
      writeFileSync(file, nativeBytes("Hostile", 2));
      const index = JSON.stringify(new URL("./index.ts", import.meta.url).href);
      const plan = JSON.stringify({ stepS: 0.5, durationS: 2, parameters: { deed: 2 } });
      const code = `import { readFileSync } from "node:fs"; import { readFmu, runFmu } from ${index};
      await runFmu(readFmu(readFileSync(${JSON.stringify(file)})).fmu, { plan: ${plan}, deadlineS: 600, native: true });`;
      const parent = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code], {
        stdio: "ignore",
      });
      const children = () => readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8").trim();
      await expect.poll(children).not.toBe("");
      const child = children();
      // its library is mapped: from here on it hangs, or is about to
      await expect.poll(() => readFileSync(`/proc/${child}/maps`, "utf8")).toContain("Hostile.so");
      parent.kill("SIGKILL");
      // whoever inherits it may leave it unburied for a while
      const lives = () => existsSync(`/proc/${child}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${child}/stat`, "utf8"));
      await expect.poll(lives).toBe(false);
    },
  );
});

function compilerOf(): string | undefined {
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return "cc";
  } catch {
    return undefined;
  }
}

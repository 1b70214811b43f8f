import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
// #region run
import { instantiateWasm, readFmu } from "@doppelwerk/engines/fmi";
import { ModelRun } from "@doppelwerk/sim/models";
// #endregion

const bytes = new Uint8Array(readFileSync(new URL("./fixtures/fmu/VanDerPol.3.fmu", import.meta.url)));
// #region fork
const { fmu, findings } = readFmu(bytes);
if (fmu === undefined) throw new Error(findings[0]?.message);
const run = new ModelRun(instantiateWasm(fmu), { stepS: 0.01, durationS: 20, parameters: { mu: 1.5 } });
run.advance(10);
const fork = new ModelRun(instantiateWasm(fmu), { stepS: 0.01, durationS: 20 }, run.snapshot());
fork.advance(20);
const { timesS, columns, traceHash } = fork.result();
// #endregion

test("[EN15] the fork of the guide goes on to the trace of its run, though it was set up in another way", () => {
  run.advance(20);
  expect(traceHash).toBe(run.result().traceHash);
  expect(columns[0]!.values.length).toBe(timesS.length);
});

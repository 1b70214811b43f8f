import { readFile, stat } from "node:fs/promises";
import { message as messageOf } from "@doppelwerk/messages";
import { columnNames, checkPlan, type ModelDescription, type ModelRunPlan } from "@doppelwerk/sim/models";
import { readFmu, runFmu } from "@doppelwerk/engines/fmi";
import { csvFieldOfText, DoppelwerkError } from "@doppelwerk/world";
import { printNotice } from "@doppelwerk/kit/command";
import { valuesOf } from "./model-inputs.ts";

export interface SimulateFmuOptions {
  readonly duration?: number;
  readonly step?: number;
  readonly set?: readonly string[];
  readonly input?: string;
  readonly output?: readonly string[];
  readonly native?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

const MAX_BYTES = 256 * 1024 * 1024;
const DEADLINE_S = 3_600;

/** Runs an FMU of a file without a server and prints its outputs over time: CSV, or one JSON line. Throws DW_INVALID on what it cannot read or run. */
export async function simulateFmu(file: string, options: SimulateFmuOptions): Promise<void> {
  const { fmu, findings } = readFmu(await bytesOf(file, MAX_BYTES));
  for (const { path, severity, message } of findings) printNotice(`${file}: ${severity}: ${path === "" ? "" : `${path} `}${message}`);
  if (options.check && options.json) process.stdout.write(`${JSON.stringify({ file, valid: fmu !== undefined, findings })}\n`);
  if (fmu === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.notModelCanRun", { file }));
  if (options.check) return;
  const { description } = fmu;
  const plan = await planOf(description, options);
  checkPlan(description, plan);
  const { result, log } = await runFmu(fmu, { plan, deadlineS: DEADLINE_S, native: options.native === true });
  for (const line of log) printNotice(`${file}: the model says ${line}`);
  const rows = Array.from(result.timesS, (time, row) => [time, ...result.columns.map(({ values }) => values[row]!)]);
  if (!options.json) {
    const header = ["time", ...result.columns.map(({ name }) => csvFieldOfText(name))];
    process.stdout.write(`${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`);
    return;
  }
  const { traceHash, steps, eventsS, endedByModelAtS, texts } = result;
  process.stdout.write(
    `${JSON.stringify({
      format: "doppelwerk-fmu-result/1",
      model: description.name,
      standard: description.standard,
      stepS: plan.stepS,
      durationS: plan.durationS,
      steps,
      columns: ["time", ...result.columns.map(({ name }) => name)],
      rows,
      texts,
      eventsS,
      ...(endedByModelAtS === undefined ? {} : { endedByModelAtS }),
      traceHash,
    })}\n`,
  );
}

async function planOf(description: ModelDescription, options: SimulateFmuOptions): Promise<ModelRunPlan> {
  const { startS = 0, stopS, stepS: ownStepS, tolerance } = description.experiment;
  const durationS = options.duration ?? (stopS === undefined ? undefined : stopS - startS);
  if (durationS === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("simulate.modelDoesNotSayHowLong"));
  const byName = new Map(description.variables.map((variable) => [variable.name, variable]));
  const parameters = Object.fromEntries(
    (options.set ?? []).map((text) => {
      const equals = text.indexOf("=");
      const variable = byName.get(text.slice(0, equals));
      if (equals < 1 || variable === undefined)
        throw new DoppelwerkError("DW_INVALID", messageOf("simulate.setNeedsVariableModelValue", { text }));
      return [variable.name, valuesOf(variable, text.slice(equals + 1))];
    }),
  );
  return {
    startS,
    stepS: options.step ?? ownStepS ?? durationS / 500,
    durationS,
    parameters,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(options.output === undefined ? {} : { outputs: options.output }),
    ...(options.input === undefined
      ? {}
      : { inputs: inputsOf(await bytesOf(options.input, MAX_BYTES), options.input, startS, description) }),
  };
}

/** A CSV of `time` and input variables, a row a time; each value is held until the next row. */
function inputsOf(bytes: Uint8Array, file: string, startS: number, description: ModelDescription): NonNullable<ModelRunPlan["inputs"]> {
  const lines = new TextDecoder()
    .decode(bytes)
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  const names = (lines[0] ?? "").split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  if (names[0] !== "time" || lines.length < 2)
    throw new DoppelwerkError("DW_INVALID", messageOf("simulate.firstLineNamesTimeInputsRows", { file }));
  const known = new Set(description.variables.flatMap((variable) => (variable.causality === "input" ? columnNames(variable) : [])));
  const rows = lines.slice(1).map((line, index) => {
    const row = line
      .split(",")
      .map((field) => (field.trim() === "true" ? 1 : field.trim() === "false" ? 0 : Number(field.trim() || Number.NaN)));
    if (row.length !== names.length || row.some((value) => !Number.isFinite(value)))
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("simulate.lineDoesNotHoldNumbers", { file, index: index + 2, count: names.length }),
      );
    return row;
  });
  return names.slice(1).map((variable, column) => {
    if (!known.has(variable))
      throw new DoppelwerkError("DW_INVALID", messageOf("simulate.modelNoInput", { file, variable: JSON.stringify(variable) }));
    return { variable, offsetsS: rows.map((row) => row[0]! - startS), values: rows.map((row) => row[column + 1]!) };
  });
}

async function bytesOf(file: string, most: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > most) throw new Error(`${size} bytes; at most ${most} are read`);
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new DoppelwerkError(
      "DW_INVALID",
      messageOf("simulate.cannotRead", { file, reason: cause instanceof Error ? cause.message : String(cause) }),
    );
  }
}

import type { ModelBinding, ModelRunResult } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { InputSeries, ModelDescription, ModelValue, ModelVariable } from "@doppelwerk/sim/models";
import {
  DoppelwerkError,
  elementAtPath,
  LIVE,
  quality,
  recordOfAasId,
  SECOND,
  type Branch,
  type History,
  type Instant,
  type RecordReader,
  type SeriesKey,
  type SignalRecord,
} from "@doppelwerk/world";

export interface BoundInputs {
  readonly parameters: Readonly<Record<string, ModelValue | readonly ModelValue[]>>;
  readonly inputs: readonly InputSeries[];
  readonly told: ModelRunResult["inputs"];
}

export interface InputSource {
  readonly reader: RecordReader;
  readonly history: History;
  readonly branch: Branch;
  readonly from: Instant;
  readonly durationS: number;
}

/** Samples of one input; a longer past is a matter for a coarser signal. */
const MAX_SAMPLES = 1_000_000;

/**
 * What a run puts into a model: values, properties of documents of the branch, and signals from the history. A branch knows its signals up to the instant it
 * was forked at; from there on their last good value is held. A bad sample is no value: the one before it is held, and counted.
 */
export async function boundInputs(
  description: ModelDescription,
  bindings: readonly ModelBinding[],
  source: InputSource,
): Promise<BoundInputs> {
  const byName = new Map(description.variables.map((variable) => [variable.name, variable]));
  const parameters: Record<string, ModelValue | readonly ModelValue[]> = {};
  const inputs: InputSeries[] = [];
  const told: { variable: string; from: string; samples: number; held: number }[] = [];
  const seen = new Set<string>();
  for (const binding of bindings) {
    const variable = byName.get(binding.variable);
    if (variable === undefined) throw refusal(`the model has no variable ${JSON.stringify(binding.variable)}`);
    if (seen.has(variable.name)) throw refusal(`${JSON.stringify(variable.name)} is bound twice`);
    seen.add(variable.name);
    if ([binding.value, binding.signal, binding.property].filter((each) => each !== undefined).length !== 1)
      throw refusal(`${JSON.stringify(variable.name)} takes exactly one of value, signal and property`);
    if (binding.signal !== undefined) {
      if (variable.causality !== "input")
        throw refusal(`only inputs follow a signal, and ${JSON.stringify(variable.name)} is none (${variable.causality})`);
      const series = await signalSeries(variable, binding, source);
      inputs.push(series.series);
      told.push({ variable: variable.name, from: `signal ${binding.signal}`, samples: series.series.offsetsS.length, held: series.held });
      continue;
    }
    const raw = binding.property === undefined ? binding.value! : propertyValue(source.reader, binding.property);
    parameters[variable.name] = valuesOf(variable, raw);
    const from = binding.property === undefined ? "value" : `${binding.property.submodel}#${binding.property.path}`;
    told.push({ variable: variable.name, from, samples: 1, held: 0 });
  }
  return { parameters, inputs, told };
}

async function signalSeries(
  variable: ModelVariable,
  { signal: id, factor = 1, offset = 0 }: ModelBinding,
  { reader, history, branch, from, durationS }: InputSource,
): Promise<{ readonly series: InputSeries; readonly held: number }> {
  const record = reader.get(id!) as SignalRecord | undefined;
  if (record?.kind !== "signal") throw refusal(`there is no signal ${id} on this branch`);
  if (record.valueType === "string" || record.valueType === "enumeration")
    throw refusal(`the signal ${record.name} holds no numbers (${record.valueType}); ${JSON.stringify(variable.name)} needs them`);
  const key = { branch: branch.parent ?? LIVE, signal: id! };
  const known = branch.parent === undefined ? Infinity : branch.instant;
  const start = Math.min(from, known);
  const end = Math.min(from + durationS * SECOND, known);
  const [before] = await history.at([key], start);
  const columns = end > start ? await history.raw(key, start + 1, end + 1, MAX_SAMPLES + 1) : undefined;
  const count = columns?.times.length ?? 0;
  if (count > MAX_SAMPLES) throw refusal(`the signal ${record.name} has more than ${MAX_SAMPLES} samples in this time`);
  const offsetsS: number[] = [];
  const values: number[] = [];
  let held = 0;
  const take = (time: Instant, value: number, code: number): void => {
    if (code !== quality.good || Number.isNaN(value)) return void held++;
    offsetsS.push((time - from) / SECOND);
    values.push(value * factor + offset);
  };
  const beginning = before === undefined || before.quality === quality.good ? before : await lastGood(history, key, before.time);
  if (before !== undefined && beginning !== before) held++;
  if (beginning !== undefined) take(beginning.time, beginning.value, quality.good);
  for (let index = 0; index < count; index++) take(columns!.times[index]!, columns!.values[index]!, columns!.qualities[index]!);
  if (values.length === 0 || offsetsS[0]! > 0)
    throw refusal(`the signal ${record.name} has no good value at the beginning of the run; choose a later beginning or a value`);
  return { series: { variable: variable.name, offsetsS, values }, held };
}

/** How far back a good value is looked for behind a bad one. */
const LOOK_BACK_S = [60, 3_600, 86_400];

async function lastGood(
  history: History,
  key: SeriesKey,
  before: Instant,
): Promise<{ readonly time: Instant; readonly value: number } | undefined> {
  for (const seconds of LOOK_BACK_S) {
    const { times, values, qualities } = await history.raw(key, before - seconds * SECOND, before, MAX_SAMPLES);
    for (let index = times.length - 1; index >= 0; index--)
      if (qualities[index] === quality.good && !Number.isNaN(values[index]!)) return { time: times[index]!, value: values[index]! };
  }
  return undefined;
}

/** What the document says: the plan is not in force yet, and a property that shows a signal has its design value here. */
function propertyValue(
  reader: RecordReader,
  { submodel, path }: { readonly submodel: string; readonly path: string },
): string | boolean | number {
  const owner = recordOfAasId(reader, "submodel", submodel);
  const element = owner === undefined ? undefined : elementAtPath(reader, owner.id, path);
  if (element === undefined) throw refusal(`there is no property ${path} in ${submodel} on this branch`);
  const { value } = element;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw refusal(`the property ${path} in ${submodel} has no value`);
  return value;
}

/** A value as people write it, in the type of the variable; of an array, its values separated by blanks or commas. Throws DW_INVALID. */
export function valuesOf(variable: ModelVariable, raw: string | number | boolean): ModelValue | readonly ModelValue[] {
  if (variable.type === "String") return variable.size === 1 ? String(raw) : String(raw).split(/\s+/);
  if (variable.type === "Binary") throw refusal(`${JSON.stringify(variable.name)} takes bytes, which cannot be given here`);
  const parts = typeof raw === "string" && variable.size > 1 ? raw.trim().split(/[\s,]+/) : [raw];
  return parts.map((part) => {
    if (variable.type === "Boolean") {
      if (part === true || part === "true" || part === 1 || part === "1") return true;
      if (part === false || part === "false" || part === 0 || part === "0") return false;
    } else if (/^U?Int64$/.test(variable.type) && typeof part === "string" && /^-?\d{1,20}$/.test(part)) return BigInt(part);
    else if (typeof part === "number" || (typeof part === "string" && part.trim() !== "" && Number.isFinite(Number(part))))
      return Number(part);
    throw refusal(
      `${JSON.stringify(variable.name)} takes ${variable.type === "Boolean" ? "true or false" : "a number"}, not ${JSON.stringify(part)}`,
    );
  });
}

function refusal(why: string): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("simulate.modelCannotRun", { why }));
}

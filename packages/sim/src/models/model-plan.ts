import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { isNumeric, type ModelDescription, type ModelValue, type ModelVariable } from "./model-description.ts";

/** Values of one input over time, each held until the next. `offsetsS` are seconds since the beginning of the run, ascending; what lies before 0 is its past. */
export interface InputSeries {
  readonly variable: string;
  readonly offsetsS: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** How a model is run. Seconds; the step is rounded to whole microseconds. */
export interface ModelRunPlan {
  /** Model time at the beginning, default 0. */
  readonly startS?: number;
  readonly stepS: number;
  readonly durationS: number;
  readonly tolerance?: number;
  /** Values of parameters and start values by name. */
  readonly parameters?: Readonly<Record<string, ModelValue | readonly ModelValue[]>>;
  readonly inputs?: readonly InputSeries[];
  /** Variables to record, default every output. */
  readonly outputs?: readonly string[];
  /** End a step where an input changes, instead of letting it wait for the next communication point; only for models with a variable step. */
  readonly stepAtInputs?: boolean;
}

/** Values that one run may record. */
const MAX_VALUES = 20_000_000;

/** Throws DW_INVALID that names what of a plan does not fit the model. */
export function checkPlan(description: ModelDescription, plan: ModelRunPlan): void {
  const refuse = (why: string): never => {
    throw new DoppelwerkError("DW_INVALID", message("sim.modelCannotRun", { why }));
  };
  if (!(plan.stepS >= 1e-6) || !Number.isFinite(plan.stepS)) refuse(`a step of ${plan.stepS} s is not at least one microsecond`);
  if (!(plan.durationS >= plan.stepS) || plan.durationS > 3.2e8)
    refuse(`a duration of ${plan.durationS} s is not between one step and ten years`);
  if (plan.startS !== undefined && !Number.isFinite(plan.startS)) refuse(`it cannot begin at ${plan.startS} s`);
  if (plan.stepAtInputs && !description.capabilities.variableStep) refuse("this model takes steps of one size only");
  const byName = new Map(description.variables.map((variable) => [variable.name, variable]));
  const named = (name: string): ModelVariable => byName.get(name) ?? refuse(`it has no variable ${JSON.stringify(name)}`);
  let width = 0;
  for (const name of plan.outputs ?? []) {
    if (named(name).type === "Clock") refuse(`${JSON.stringify(name)} is a clock and has no value`);
    width += named(name).size;
  }
  if ((width + 1) * (plan.durationS / plan.stepS) > MAX_VALUES)
    refuse(`more than ${MAX_VALUES} values would be recorded; take a longer step or fewer outputs`);
  for (const [name, value] of Object.entries(plan.parameters ?? {})) checkParameter(named(name), value, refuse);
  for (const { variable: name, offsetsS, values } of plan.inputs ?? []) {
    const variable = named(name);
    if (variable.causality !== "input") refuse(`${JSON.stringify(name)} is no input (${variable.causality})`);
    if (!isNumeric(variable) || variable.dimensions !== undefined) refuse(`the input ${JSON.stringify(name)} takes no series of numbers`);
    if (offsetsS.length !== values.length || offsetsS.length === 0) refuse(`the input ${JSON.stringify(name)} has no values`);
    for (let i = 0; i < offsetsS.length; i++) {
      if (!Number.isFinite(offsetsS[i]) || (i > 0 && offsetsS[i]! < offsetsS[i - 1]!))
        refuse(`the times of the input ${JSON.stringify(name)} do not ascend`);
      const fault = numberFault(variable, values[i]!);
      if (fault !== undefined) refuse(`the input ${JSON.stringify(name)} ${fault}`);
    }
  }
}

function checkParameter(variable: ModelVariable, value: ModelValue | readonly ModelValue[], refuse: (why: string) => never): void {
  const { name, causality, variability, size, initial } = variable;
  // Outputs and locals have a start value of their own only where the model says so (FMI 3.0.2, 2.4.7.5).
  const hasStart = initial === "exact" || initial === "approx";
  if (
    ((causality === "output" || causality === "local") && !hasStart) ||
    causality === "calculatedParameter" ||
    causality === "independent" ||
    variability === "constant"
  )
    refuse(`${JSON.stringify(name)} cannot be set (${variability} ${causality})`);
  if (causality === "structuralParameter") refuse(`${JSON.stringify(name)} is a structural parameter, which keeps its start value here`);
  const values = Array.isArray(value) ? (value as readonly ModelValue[]) : [value as ModelValue];
  if (values.length !== size) refuse(`${JSON.stringify(name)} takes ${size} values, not ${values.length}`);
  for (const each of values)
    if (isNumeric(variable) && variable.type !== "Boolean") {
      const fault = numberFault(variable, Number(each));
      if (typeof each === "string" || fault !== undefined) refuse(`${JSON.stringify(name)} ${fault ?? "takes a number"}`);
    }
}

const RANGES: Readonly<Partial<Record<ModelVariable["type"], readonly [number, number]>>> = {
  Int8: [-128, 127],
  UInt8: [0, 255],
  Int16: [-32_768, 32_767],
  UInt16: [0, 65_535],
  Int32: [-2_147_483_648, 2_147_483_647],
  UInt32: [0, 4_294_967_295],
  Int64: [-(2 ** 63), 2 ** 63],
  UInt64: [0, 2 ** 64],
};

function numberFault({ type, min, max, items }: ModelVariable, value: number): string | undefined {
  if (!Number.isFinite(value)) return `takes no ${value}`;
  if (type === "Boolean") return value === 0 || value === 1 ? undefined : "takes 0 and 1 only";
  if (type !== "Float64" && type !== "Float32" && !Number.isInteger(value)) return `takes whole numbers, not ${value}`;
  const [lower, upper] = RANGES[type] ?? [-Infinity, Infinity];
  if (value < Math.max(lower, min ?? lower) || value > Math.min(upper, max ?? upper))
    return `lies between ${Math.max(lower, min ?? lower)} and ${Math.min(upper, max ?? upper)}, and ${value} does not`;
  if (items !== undefined && items.length > 0 && !items.some((item) => item.value === value)) return `has no item ${value}`;
  return undefined;
}

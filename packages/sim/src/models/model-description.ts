/** What a model from elsewhere says of itself, in the words of FMI 3.0; models of FMI 2.0 are told in the same words. */
export interface ModelDescription {
  readonly standard: "FMI 2.0" | "FMI 3.0";
  readonly name: string;
  /** Stem of the file names of its binaries (`modelIdentifier` of the co-simulation interface). */
  readonly identifier: string;
  /** `guid` in FMI 2.0, `instantiationToken` in FMI 3.0. */
  readonly token: string;
  readonly description?: string;
  readonly author?: string;
  readonly version?: string;
  readonly copyright?: string;
  readonly license?: string;
  readonly generationTool?: string;
  readonly generationTime?: string;
  readonly capabilities: ModelCapabilities;
  readonly experiment: DefaultExperiment;
  readonly variables: readonly ModelVariable[];
}

/** Capability flags of the co-simulation interface. */
export interface ModelCapabilities {
  readonly variableStep: boolean;
  readonly stateSaved: boolean;
  readonly stateSerialised: boolean;
  /** FMI 3.0 only: events are told to the master, and a step may end at one. */
  readonly eventMode: boolean;
  readonly earlyReturn: boolean;
  /** The model runs in a tool that must be installed; such a model is not run here. */
  readonly needsTool: boolean;
  readonly fixedInternalStepS?: number;
}

/** Seconds of model time. */
export interface DefaultExperiment {
  readonly startS?: number;
  readonly stopS?: number;
  readonly stepS?: number;
  readonly tolerance?: number;
}

export const variableTypes = [
  "Float64",
  "Float32",
  "Int8",
  "UInt8",
  "Int16",
  "UInt16",
  "Int32",
  "UInt32",
  "Int64",
  "UInt64",
  "Boolean",
  "Enumeration",
  "String",
  "Binary",
  "Clock",
] as const;
export type VariableType = (typeof variableTypes)[number];

export const causalities = ["parameter", "calculatedParameter", "structuralParameter", "input", "output", "local", "independent"] as const;
export type Causality = (typeof causalities)[number];

export const variabilities = ["constant", "fixed", "tunable", "discrete", "continuous"] as const;
export type Variability = (typeof variabilities)[number];

/** A typed port or parameter of a model. */
export interface ModelVariable {
  readonly name: string;
  /** `valueReference`: unsigned 32 bit; in FMI 2.0 unique per base type only. */
  readonly reference: number;
  readonly type: VariableType;
  readonly causality: Causality;
  readonly variability: Variability;
  readonly initial?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** As the file writes it; of an array, separated by blanks. */
  readonly start?: string;
  /** Number of values; 1 for a scalar. Arrays of FMI 3.0 are laid out row by row. */
  readonly size: number;
  readonly dimensions?: readonly number[];
  /** Names of an enumeration by value. */
  readonly items?: readonly { readonly name: string; readonly value: number }[];
}

/** One value of a variable. 64-bit integers are exact; an array is a list of values. */
export type ModelValue = number | bigint | boolean | string | Uint8Array;

/** Whether the values of a variable are numbers (truth values count as 0 and 1), so that they can be recorded as a series. */
export function isNumeric({ type }: ModelVariable): boolean {
  return type !== "String" && type !== "Binary" && type !== "Clock";
}

/** Names of the columns of a variable: its name, or one name an element, counted from 1. */
export function columnNames({ name, size, dimensions }: ModelVariable): readonly string[] {
  if (dimensions === undefined) return [name];
  return Array.from({ length: size }, (_, index) => {
    let rest = index;
    const places: number[] = [];
    for (const length of dimensions.toReversed()) {
      places.unshift((rest % length) + 1);
      rest = Math.floor(rest / length);
    }
    return `${name}[${places.join(",")}]`;
  });
}

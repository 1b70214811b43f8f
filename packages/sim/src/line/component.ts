import type { Json } from "@doppelwerk/world";

/** A component of a pack as its manifest declares it. */
export interface ComponentDeclaration {
  /** `dyeHouse.jet`. */
  readonly id: string;
  /** Name and version of its pack. */
  readonly pack: string;
  readonly version: string;
  /** Parameters that a station does not give. */
  readonly defaults: Readonly<Record<string, Json>>;
  /** Numbers that a place keeps from one part to the next; 0 at the start. */
  readonly state: readonly string[];
  /** Numbers that a part carries from station to station; 0 until a component sets them. */
  readonly part: readonly string[];
  /** What is used up, added up by station. */
  readonly uses: readonly ComponentUse[];
  /** Resources of the line that a step may hold. */
  readonly resources: readonly string[];
  /** Random numbers for each part. */
  readonly draws: number;
}

export interface ComponentUse {
  readonly id: string;
  readonly unit: string;
  readonly title: { readonly en: string; readonly zh: string };
}

/** A component with its code, as plain data: what a run was made with is kept with it. */
export interface ComponentCode extends ComponentDeclaration {
  /** SHA-256 of declaration and files, hexadecimal. */
  readonly checksum: string;
  /** Key of `files` whose default export it is. */
  readonly module: string;
  /** JavaScript by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a component is opened with: one station of one run. */
export interface ComponentStation {
  readonly station: string;
  readonly places: number;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Of the line, in the order of their indexes. */
  readonly products: readonly { readonly id: string; readonly attributes: Readonly<Record<string, string>> }[];
}

/**
 * One station's component in a run. Rows of numbers: `begin` takes [instant in s, place, product, product before, rejections, state…, part…, draws…] (−1: no
 * product) and answers [outcome, steps, (seconds, resource) of each step, state…, part…, uses…] (outcome 0 pass, 1 rework, 2 scrap; resource −1: none).
 * The same rows give the same answer. Errors: RunError.
 */
export interface OpenComponent {
  begin(work: Float64Array): Float64Array;
}

/** The components that a run may use. */
export interface StationComponents {
  /** Undefined where there is none of this id. */
  declared(id: string): ComponentDeclaration | undefined;
  open(id: string, station: ComponentStation): OpenComponent;
}

/** Components of one run; what they run in is given back when it has ended. */
export interface RunningComponents extends StationComponents {
  dispose(): void;
}

/** Numbers before the state in a row of work. */
export const WORK_FIELDS = 5;
/** Steps of one part at one station, neighbours with the same resource counted as one. */
export const MAX_STEPS = 32;
/** Seconds of one part at one station: a hundred days. */
export const MAX_STEP_SECONDS = 8_640_000;

import type { Message } from "@doppelwerk/messages";
import type { LocalText } from "@doppelwerk/operations";
import type { ExperimentKind, ExperimentModel, PlantExperimentModel } from "@doppelwerk/sim";
import type { BranchId, Instant, Principal, RecordId } from "@doppelwerk/world";
import { z } from "zod";
import { fittedParameterShape, type RunResultValue } from "./run-results.ts";
import { port } from "./token.ts";

/** A changeable property of a line on a branch. */
export const factorShape = z.object({
  element: z.string(),
  key: z.string(),
  station: z.string().optional(),
  label: z.object({ en: z.string(), zh: z.string() }),
  unit: z.string(),
  group: z.enum(["places", "buffer", "carriers", "cycle", "operators", "repair", "interval", "other"]),
  /** Name of the fitted parameter of its station that a model takes instead of it, in the ratio of the edit; absent: taken as it is. */
  parameter: z.string().optional(),
  live: z.number(),
  value: z.number(),
  planned: z.object({ value: z.number(), effectiveFrom: z.string(), owner: z.string() }).optional(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
  propertyClass: z.enum(["logistics", "quality", "safety"]),
  /** P4: it differs from live, and the plant was never recorded at this value. */
  outsideObserved: z.boolean(),
  /** Of one that differs from live: with which values the plant was recorded, and from when to when. Absent where nothing is recorded. */
  observed: z.object({ min: z.number(), max: z.number(), from: z.int(), to: z.int() }).optional(),
});
export type FactorValue = z.output<typeof factorShape>;
export type FittedParameterValue = z.output<typeof fittedParameterShape>;

/** Whether the plant is still the one a fit was made from. */
export const driftShape = z.object({
  /** The instant of the fit; on live the beginning of its last five shifts. */
  since: z.int().optional(),
  /** Closed since then; without one nothing is compared. */
  shifts: z.int(),
  /** Parameters with enough data on both sides. */
  asked: z.int(),
  /** Probability that a plant in which nothing changed is reported as changed, over all parameters together. */
  falseAlarms: z.number(),
  /** Named and measured as fitted parameters are: means before and since, and the events or values since. */
  drifts: z
    .array(z.object({ station: z.string(), name: z.string(), unit: z.string(), before: z.number(), recent: z.number(), n: z.number() }))
    .readonly(),
});
export type DriftValue = z.output<typeof driftShape>;

/** What a simulation of a line is made for. */
export interface LineRunRequest {
  /** Id of the line; absent: the first. */
  readonly line?: RecordId | undefined;
  readonly kind: ExperimentKind;
  readonly seed: number;
  /** Study: simulated shifts after the warm-up. */
  readonly shifts?: number | undefined;
}

/** Both sides of a run, made from documents and history. */
export interface LineExperiment {
  readonly live: ExperimentModel;
  readonly branch: ExperimentModel;
  /** The branch changes nothing that the model knows. */
  readonly same: boolean;
  readonly kind: ExperimentKind;
  readonly start: Instant;
  readonly horizonS: number;
  readonly diffHash: string;
  readonly initialState: RunResultValue["initialState"];
  readonly parameters: readonly FittedParameterValue[];
  readonly warnings: readonly string[];
  /** The same in the same order as codes with values. */
  readonly warningsTold: readonly Message[];
  /** The branch, as it was when the experiment was made, if besides these properties (by element id) held these numbers; a model for each. */
  variants(values: readonly ReadonlyMap<RecordId, number>[]): Promise<readonly ExperimentModel[]>;
}

/** What a simulation of several lines at once is made for. */
export interface LinesRunRequest extends Omit<LineRunRequest, "line"> {
  /** Ids, each once; at least one. */
  readonly lines: readonly RecordId[];
}

/** Both sides of a run of several lines and the buffers between them. */
export interface LinesExperiment extends Omit<LineExperiment, "live" | "branch" | "variants"> {
  readonly live: PlantExperimentModel;
  readonly branch: PlantExperimentModel;
}

/** What the points of a designed experiment simulate. */
export interface LinePoints {
  readonly models: readonly ExperimentModel[];
  readonly start: Instant;
  readonly horizonS: number;
  readonly warnings: readonly string[];
  readonly warningsTold: readonly Message[];
}

/** A number in a document, and the property that holds it. */
export interface DocumentNumber {
  readonly element: RecordId;
  readonly value: number;
}

/** What the documents of a branch say about a line, as far as plans for it are made and written back. */
export interface LineDocuments {
  /** AAS id of the shell of the line. */
  readonly shell: string;
  readonly takt?: DocumentNumber;
  readonly stations: readonly {
    readonly id: string;
    /** What the documents call it, where that is another name. */
    readonly name?: string;
    readonly title: LocalText;
    readonly idealCycle?: DocumentNumber;
    readonly addedTimes: readonly { readonly product: string; readonly time: DocumentNumber }[];
    /** Plant floor: metres, y to the north; degrees against the clock. */
    readonly layout?: {
      readonly x: number;
      readonly y: number;
      readonly rotation: number;
      readonly elements: { readonly x?: RecordId; readonly y?: RecordId; readonly rotation?: RecordId };
    };
    /** Parts a shift, over the closed shifts that were recorded. */
    readonly partsAShift?: number;
  }[];
  /** Of stations on the floor of the scene, in its order. */
  readonly footprints: readonly {
    readonly station: string;
    readonly centre: readonly [x: number, z: number];
    readonly lengthM: number;
    readonly depthM: number;
    readonly turn: number;
  }[];
  readonly flows: readonly { readonly from: string; readonly to: string; readonly kind: string }[];
  readonly products: readonly { readonly id: string; readonly share: number }[];
  readonly work: readonly {
    readonly id: string;
    readonly title: LocalText;
    /** Seconds, as engineering planned it. */
    readonly time: DocumentNumber;
    readonly after: readonly string[];
    readonly station: string;
    /** The property that says the station. */
    readonly stationElement: RecordId;
    readonly fixed: boolean;
  }[];
}

/** Where a past forecast starts, and what really came. */
export interface BacktestOrigin {
  readonly instant: Instant;
  readonly shift: { readonly start: Instant; readonly end: Instant };
  readonly nextShift: { readonly start: Instant; readonly end: Instant } | undefined;
  readonly realised: Readonly<Partial<Record<"1 h" | "this shift" | "next shift", number>>>;
  /** What the last like periods before the origin brought: the forecast to beat. */
  readonly reference: Readonly<Partial<Record<"1 h" | "this shift" | "next shift", readonly number[]>>>;
}

/** A closed shift as far as a forecast is held against it. */
export interface ClosedShift {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly good: number;
  readonly plannedBusyS: number;
  /** Seconds of its planned time of which nothing is known of the constraint. */
  readonly unknownS: number;
}

/**
 * Lines as they can be simulated, each alone: its model, fitted from history, on any branch. `line` is the id of one; without it the first is meant.
 * Errors: DW_NOT_FOUND where the shells describe no such line.
 */
export interface LineModels {
  /** Ids of the lines that are folded, in their order. */
  lines(): Promise<readonly RecordId[]>;
  factors(principal: Principal, branch: BranchId, line?: RecordId): Promise<readonly FactorValue[]>;
  /** None where there is no line. */
  parameters(principal: Principal, branch: BranchId, line?: RecordId): Promise<readonly FittedParameterValue[]>;
  /** `fittedAt` undefined = live. */
  drift(fittedAt: Instant | undefined, line?: RecordId): Promise<DriftValue>;
  experiment(principal: Principal, branch: BranchId, request: LineRunRequest): Promise<LineExperiment>;
  /**
   * Several lines in one run, joined where their documents name one buffer. Errors: DW_NOT_FOUND of a line that is not there; DW_INVALID where they
   * share a station, or feed each other in a circle.
   */
  together(principal: Principal, branch: BranchId, request: LinesRunRequest): Promise<LinesExperiment>;
  /** The line of a branch with other values in its documents, a point each; nothing is written. */
  points(
    principal: Principal,
    branch: BranchId,
    request: LineRunRequest,
    values: readonly ReadonlyMap<RecordId, string>[],
  ): Promise<LinePoints>;
  documents(principal: Principal, branch: BranchId, line?: RecordId): Promise<LineDocuments>;
  /** P4: two origins in each past shift that was seen whole, with what came of it. */
  backtestOrigins(line?: RecordId): Promise<readonly BacktestOrigin[]>;
  backtestModel(origin: BacktestOrigin, line?: RecordId): Promise<ExperimentModel>;
  closedShifts(line?: RecordId): Promise<readonly ClosedShift[]>;
  /** False while the history is still read after a start: what is fitted then is not what was fitted before. */
  isHistoryRead(): Promise<boolean>;
  /** Calls back when a part of the past was derived again; returns how to stop. */
  followDerived(listener: () => void): () => void;
}

export const lineModels = port<LineModels>("flow.lineModels", 1);

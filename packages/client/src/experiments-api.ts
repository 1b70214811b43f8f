import type { Message } from "@doppelwerk/messages";
import type { BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { Text } from "./api.ts";

export type ExperimentKpi = "throughput" | "oee" | "leadTime" | "wip" | "rework";

/** A property of a document that is varied: levels, or a range whose ends are the levels. */
export interface ExperimentFactor {
  readonly element: RecordId;
  readonly values?: readonly (number | string)[];
  readonly low?: number;
  readonly high?: number;
  /** Rounded to whole numbers. */
  readonly whole?: boolean;
}

/** A designed experiment on a branch (or on live, where it writes nothing either). */
export interface ExperimentRequest {
  /** Id of the line; absent: the first. */
  readonly line?: string | undefined;
  readonly name: string;
  readonly kind: "study" | "forecast";
  readonly seed: number;
  /** Study: simulated shifts after the warm-up. */
  readonly shifts?: number;
  readonly kpi: ExperimentKpi;
  readonly goal: "maximise" | "minimise";
  readonly factors: readonly ExperimentFactor[];
  readonly design:
    | "full"
    | { readonly fraction: readonly string[] }
    | { readonly latinHypercube: number }
    | { readonly points: readonly (readonly (number | string)[])[] };
  readonly replications:
    | { readonly count: number }
    | { readonly relativeHalfWidth: number; readonly most: number }
    | { readonly indifference: number; readonly confidence?: number; readonly most: number };
  /** P5: the smallest difference that matters, as a share of the line as it stands; default 0.005. */
  readonly relevantShare?: number;
}

export interface ExperimentSummary {
  readonly id: string;
  readonly branch: BranchId;
  readonly name: string;
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly done: number;
  /** Replications asked for up to now; more may follow where a precision or a choice is wanted. */
  readonly total: number;
  readonly points: number;
  readonly factors: readonly string[];
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly message?: string;
  /** The same for a screen that speaks another language; absent where it is no sentence of this server. */
  readonly reason?: Message;
  readonly resultHash?: string;
  /** Carried out again from what another one kept; `sameHash` tells whether it came to the same result. */
  readonly rerunOf?: string;
  readonly sameHash?: boolean;
  /** Times that a server ended during it and it was gone on with. */
  readonly resumed?: number;
}

export interface ExperimentFactorInfo {
  readonly element: RecordId;
  readonly key: string;
  readonly label: Text;
  readonly unit: string;
  readonly station?: string;
  /** On the branch when the experiment began. */
  readonly asIs: number | string;
  readonly least?: number;
  readonly most?: number;
}

export interface ExperimentPointKpi {
  readonly mean: number;
  readonly halfWidth: number;
  readonly sd: number;
  readonly quantiles: readonly { readonly p: number; readonly value: number; readonly low?: number; readonly high?: number }[];
  /** Against the line as it stands, paired, 95 %. */
  readonly difference?: {
    readonly n: number;
    readonly mean: number;
    readonly halfWidth: number;
    readonly relevant: number;
    readonly verdict: "better" | "worse" | "no evidence";
  };
}

export interface ExperimentPoint {
  readonly values: readonly (number | string)[];
  readonly replications: number;
  readonly kpis: Readonly<Partial<Record<ExperimentKpi, ExperimentPointKpi>>>;
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly bottlenecks: Readonly<Record<string, number>>;
  readonly modelHash: string;
  readonly traceHashes: readonly string[];
}

export interface ExperimentResult {
  readonly experiment: ExperimentSummary;
  readonly request: ExperimentRequest;
  readonly factors: readonly ExperimentFactorInfo[];
  readonly points: readonly ExperimentPoint[];
  /** Index of the line as it stands. */
  readonly reference: number;
  /** Whether the books of every replication balanced; absent in results of earlier versions. */
  readonly checks?: { readonly conservation: boolean; readonly littlesLaw: boolean; readonly replications: number };
  readonly effects: Readonly<
    Partial<Record<ExperimentKpi, readonly { readonly factors: readonly number[]; readonly mean: number; readonly halfWidth: number }[]>>
  >;
  /** Units of the KPIs; absent in results of earlier versions, whose rework is a shift. */
  readonly units?: Readonly<Partial<Record<ExperimentKpi, string>>>;
  readonly resolution?: number;
  readonly best?:
    | {
        readonly point: number;
        readonly certain?: boolean;
        readonly confirmed?: NonNullable<ExperimentPointKpi["difference"]> & { readonly best: number; readonly asIs: number };
      }
    | undefined;
  readonly warnings: readonly string[];
  /** The same warnings in the same order as codes with values, as in RunResult; absent in results of earlier versions. */
  readonly warningMessages?: readonly Message[];
  /** @deprecated Use `warningMessages`. */
  readonly warningsTold?: readonly Message[];
  readonly model: { readonly hash: string; readonly seed: number; readonly code: string; readonly warmUpS: number };
}

/** What one point simulated: enough to simulate any of its replications again, to the same trace hash. JSON of room sim's shapes. */
export interface ExperimentPointModel {
  readonly model: unknown;
  readonly asIs: unknown;
  readonly options: unknown;
}

import type { AlarmItem } from "@doppelwerk/sync";
import type { BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { Text } from "./api.ts";

// The line as its shells describe it, its state at an instant, and its key figures.

export interface StationInfo {
  readonly id: string;
  readonly name: Text;
  readonly shell: string;
  readonly places: number;
  readonly idealCycleS: number;
  readonly bufferCapacity: number;
  readonly constraint: boolean;
  /** Role → signal record id. */
  readonly signals: Readonly<Record<string, RecordId>>;
  /** Process values to show, most relevant first. */
  readonly processValues: readonly RecordId[];
}

export interface LineInfo {
  readonly branch: BranchId;
  readonly id: string;
  readonly name: Text;
  readonly taktS: number;
  readonly constraint: string;
  readonly stations: readonly StationInfo[];
  readonly products: readonly { readonly id: string; readonly family: string }[];
  /** JSON of room operations' LineDefinition: what the fold in the browser needs. */
  readonly definition: unknown;
  /** JSON of room scene's Stage. */
  readonly stage: unknown;
}

/** A line of a branch, as far as a person chooses between them. */
export interface ListedLine {
  /** Unique in the world. */
  readonly id: string;
  readonly title: Text;
  /** AAS id of its shell. */
  readonly shell: string;
  readonly stations: readonly { readonly id: string; readonly title: Text; readonly shell: string }[];
  /** Buffers that it shares: lines that name one shell as outlet and inlet meet there. */
  readonly ends?: readonly {
    readonly side: "outlet" | "inlet";
    readonly station: string;
    readonly buffer: { readonly shell: string; readonly title: Text };
  }[];
}

/** A span of state that lasted until the next one. */
export interface StateBegin {
  readonly from: Instant;
  readonly state: string;
  readonly inferred: boolean;
}

export interface StationSnapshot {
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly inferred: boolean;
  readonly since: Instant;
  /** A stop or a wait that began before a break, or before its cause changed: in the break, and after it as long as it goes on. */
  readonly held?: { readonly state: string; readonly since: Instant };
  readonly mode: string;
  /** Spans of a stop that goes on, before its present one: they are recorded when it ends. Absent where there are none. */
  readonly earlier?: readonly StateBegin[];
  readonly places: readonly {
    readonly state: string;
    /** Since when the place is in the state; absent where it has none of its own and shares that of its station. */
    readonly stateSince?: Instant;
    readonly inferred?: boolean;
    readonly earlier?: readonly StateBegin[];
    readonly serial?: string;
    readonly product?: string;
    /** Since when the part is in it. */
    readonly since?: Instant;
  }[];
  readonly buffer: {
    readonly count: number;
    readonly capacity: number;
    readonly parts: readonly { readonly serial: string; readonly product: string; readonly inferred: boolean }[];
  };
  /** Units that it counted good in the shift, at the first pass and after rework; of the station at the end of the line those that left the line. */
  readonly good: number | undefined;
  /** Of the good ones those that went through rework before. */
  readonly reworked?: number;
  readonly lastCycleS: number | undefined;
  readonly alarm?: 1 | 2 | 3 | 4;
}

/** One instant of the line. The studio's 3D, table and alarm list read the same snapshot, so they agree (P11). */
export interface Snapshot {
  readonly instant: Instant;
  readonly live: boolean;
  /** How far the past is read and derived, 0 to 1, while it is; counts that need it are undefined until then, and past alarms are not known. */
  readonly reading?: number;
  /** There is no past from before, and counts that need more of it are undefined; absent once the line was watched for long enough. */
  readonly watchedSince?: Instant;
  readonly stations: readonly StationSnapshot[];
  /** Undefined = nothing was heard of the line, or its past is not read yet. */
  readonly wip: { readonly value: number | undefined; readonly error: number; readonly unmatched: readonly string[] };
  readonly shift:
    | {
        readonly name: string;
        readonly from: Instant;
        readonly to: Instant;
        /** Units that left the line good, each once. Undefined = nothing was heard of the line, or its past is not read yet. */
        readonly good: number | undefined;
        /** Of the good ones those that went through rework, and what left as scrap; known where `good` is. */
        readonly reworked?: number;
        readonly scrap?: number;
        /** The station at the end of the line, which counts the good ones; absent where there are several. */
        readonly countedAt?: string;
        readonly due: number;
        readonly plan: number;
      }
    | undefined;
  readonly alarms: readonly AlarmItem[];
  /** While the past is read for the first time: of alarms raised before it nobody knows which are active, so `alarms` does not hold them. */
  readonly alarmsUnknownBefore?: Instant;
  readonly agvs: readonly {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly heading: number;
    readonly state: string;
    readonly battery: number;
  }[];
}

export interface Kpis {
  /** How many shifts the figures are of. 0 = no shift lies in the span: counts and seconds are 0, everything else is absent or empty. */
  readonly shifts?: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly constraint: string;
  readonly oee: number | undefined;
  readonly availability: number | undefined;
  readonly effectiveness: number | undefined;
  readonly qualityRatio: number | undefined;
  /** Units that left the line good, each once: at the first pass and after rework. The station at the end of the line counts them. */
  readonly good: number;
  /** PQ: units processed by the constraint, once for each time. */
  readonly produced: number;
  /** Units taken out of the line as scrap. */
  readonly scrap: number;
  /** Of the good ones those that went through rework. */
  readonly reworked: number;
  /** (good − reworked) ÷ (good + scrap): of the units that left the line. */
  readonly firstPassYield: number | undefined;
  /** What the constraint counted: GQ at the first pass, good only after rework, Σ PRI × GQ in seconds. */
  readonly atConstraint?: { readonly good: number; readonly reworked: number; readonly goodIdealS: number };
  readonly plannedBusyS: number;
  readonly actualProductionS: number;
  readonly idealCycleS: number;
  readonly unknownS: number;
  readonly throughputPerHour: number | undefined;
  readonly leadTimeS: number | undefined;
  readonly wip: number | undefined;
  readonly findings: readonly string[];
  /** Seconds by state, one row a station. */
  readonly timeShares: readonly { readonly station: string; readonly seconds: Readonly<Record<string, number>> }[];
  readonly bottleneck: readonly { readonly station: string; readonly share: number }[];
  readonly topStops: readonly { readonly station: string; readonly state: string; readonly seconds: number; readonly count: number }[];
}

export interface ShiftKpis extends Kpis {
  readonly name: string;
  readonly revision: number;
}

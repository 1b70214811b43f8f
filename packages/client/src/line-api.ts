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
  readonly stations: readonly { readonly id: string; readonly title: Text; readonly shell: string }[];
  /** Buffers that it shares: lines that name one shell as outlet and inlet meet there. */
  readonly ends?: readonly {
    readonly side: "outlet" | "inlet";
    readonly station: string;
    readonly buffer: { readonly shell: string; readonly title: Text };
  }[];
}

export interface StationSnapshot {
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly inferred: boolean;
  readonly since: Instant;
  readonly mode: string;
  readonly places: readonly { readonly state: string; readonly serial?: string; readonly product?: string; readonly since?: Instant }[];
  readonly buffer: {
    readonly count: number;
    readonly capacity: number;
    readonly parts: readonly { readonly serial: string; readonly product: string; readonly inferred: boolean }[];
  };
  readonly good: number | undefined;
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
        /** Undefined = nothing was heard of the line, or its past is not read yet. */
        readonly good: number | undefined;
        readonly due: number;
        readonly plan: number;
      }
    | undefined;
  readonly alarms: readonly AlarmItem[];
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
  readonly good: number;
  readonly produced: number;
  readonly scrap: number;
  readonly reworked: number;
  readonly firstPassYield: number | undefined;
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

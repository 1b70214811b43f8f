import type { AlarmRule, LineDefinition, LineEstimate, LocalText, PlannedShift, StationObservations } from "@doppelwerk/operations";
import type { Stage } from "@doppelwerk/scene";
import type { LineModel, LineObservations, LineState } from "@doppelwerk/sim";
import type { RecordId, RecordReader, SignalRecord } from "@doppelwerk/world";
import type { LineDocuments } from "./line-models.ts";
import { slot } from "./token.ts";

/** A property of the documents that an experiment can change. */
export interface LineFactor {
  readonly elementId: RecordId;
  readonly submodelId: RecordId;
  /** idShortPath of the property. */
  readonly path: string;
  /** Stable across branches: `S090/NumberOfPlaces`. */
  readonly key: string;
  readonly station?: string;
  readonly label: LocalText;
  readonly unit: string;
  readonly asIs: number;
  readonly planned?: { readonly value: number; readonly effectiveFrom: string; readonly owner: string };
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly group: "places" | "buffer" | "carriers" | "cycle" | "operators" | "repair" | "interval" | "other";
  /** Name of the parameter of its station that a model fits from history in its place, as `FittedParameter` names it: `cycle/`. */
  readonly parameter?: string;
  /** P18: who has to approve. */
  readonly propertyClass: "logistics" | "quality" | "safety";
}

/** Something that moves on the floor, with the signals of its position. */
export interface LineVehicle {
  readonly id: string;
  /** `x`, `y`, `heading`, `state`, `battery`, `load` → signal. */
  readonly signals: Readonly<Record<string, RecordId>>;
}

export interface DescribedStation {
  readonly id: string;
  readonly title: LocalText;
  /** AAS id. */
  readonly shell: string;
  /** Seconds, as engineering states it. */
  readonly idealCycleS?: number;
}

export interface LineModelOptions {
  /** Offset of the zone that the shifts are of. */
  readonly utcOffsetS: number;
  /** In place of those of the documents. */
  readonly shifts?: readonly PlannedShift[];
  /** Numbers in place of those that stand in the documents, by element. */
  readonly values?: ReadonlyMap<RecordId, number>;
}

/** Names in place of those that the documents give. */
export interface LineNames {
  readonly id: string;
  /** By the id in the documents; a station that is not named keeps its id. */
  readonly stations: ReadonlyMap<string, string>;
}

/** Where a line ends at a buffer that other lines share. */
export interface DescribedEnd {
  /** `outlet`: good parts of the station go into the buffer; `inlet`: the station takes its parts out of it. */
  readonly side: "outlet" | "inlet";
  readonly station: string;
  readonly buffer: SharedBuffer;
}

/** A buffer that stands between lines, or a store that they draw on: an asset of its own. */
export interface SharedBuffer {
  /** AAS id: lines that name one shell share the buffer. */
  readonly shell: string;
  readonly title: LocalText;
  /** Parts; absent: unlimited. */
  readonly capacity?: number;
}

/** One line as the documents of a branch describe it. Its functions are pure. */
export interface DescribedLine {
  readonly id: string;
  readonly title: LocalText;
  /** AAS id. */
  readonly shell: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly shifts: readonly PlannedShift[];
  readonly constraint?: string;
  readonly stations: readonly DescribedStation[];
  /** Absent: it shares no buffer. */
  readonly ends?: readonly DescribedEnd[];
  /** What of it could not be read. */
  readonly findings: readonly LocalText[];
  renamed(names: LineNames): DescribedLine;
  definition(signals: readonly SignalRecord[]): LineDefinition;
  /** With nominal values; history corrects it. */
  model(options: LineModelOptions): LineModel;
  factors(): readonly LineFactor[];
  /** The rules that it begins with, over these signals. */
  alarmRules(signals: readonly SignalRecord[]): readonly AlarmRule[];
  vehicles(signals: readonly SignalRecord[]): readonly LineVehicle[];
  stage(): Stage;
  documents(): Omit<LineDocuments, "footprints">;
  /** What was observed, in the form that a fit takes. */
  observations(stations: readonly StationObservations[]): LineObservations;
  /** What a forecast starts from (P15). */
  initialState(estimate: LineEstimate, model: LineModel): LineState;
}

/** How documents become lines: a pure module of a pack. */
export interface LineSource {
  /** Unique among sources: the name of the pack. */
  readonly id: string;
  /** Every line of a branch, in any order; `findings` are of what should be a line and cannot be read as one. Never throws for what documents say. */
  read(reader: RecordReader): { readonly lines: readonly DescribedLine[]; readonly findings: readonly LocalText[] };
}

/** The host is the feature `line`. */
export const lineSources = slot<LineSource>("line.sources", 1);

import type { RecordId, UnsignedBits, ValueType } from "@doppelwerk/world";
import type { ShiftDefinition } from "../shifts/shift-calendar.ts";
import type { StateMapping } from "./state-mapping.ts";

/**
 * What operations knows of a line: stations, flows, products, shifts and which signal plays which role.
 * Made by a pack from shells and signal records; plain JSON, so that it goes to workers and browsers as it is.
 */
export interface LineDefinition {
  readonly id: string;
  readonly label: string;
  /** AAS id of the shell of the line. */
  readonly shell?: string;
  readonly taktS?: number;
  /** Id of the declared constraint: the line's OEE is the OEE of this station (P6). */
  readonly constraint?: string;
  /** In the order of the main flow, sub-assembly first. */
  readonly stations: readonly StationDefinition[];
  readonly flows: readonly FlowDefinition[];
  readonly products: readonly ProductDefinition[];
  readonly shifts: readonly ShiftDefinition[];
  /** IANA name, for screens; engines take a `ZoneOffset`. */
  readonly timeZone: string;
  readonly carriers?: { readonly count: number; readonly from: string; readonly to: string };
}

export interface StationDefinition {
  /** idShort of the station's shell, unique in the line. */
  readonly id: string;
  readonly label: string;
  readonly shell?: string;
  /** Parallel places. */
  readonly places: number;
  readonly placesFailAlone: boolean;
  /** Seconds one part occupies one place, without the additions by product. */
  readonly idealCycleS: number;
  /** Product id → seconds added to the ideal cycle. */
  readonly addedS: Readonly<Record<string, number>>;
  /** Places before the station. */
  readonly buffer: number;
  readonly operators: number;
  readonly setUps: readonly { readonly attribute: SetUpAttribute; readonly durationS: number }[];
  /** How often one part may be tried here; above 1 the counts do not match the parts. */
  readonly maxTries: number;
  readonly rejectTo?: string;
  /** `ComponentIn`: serial of the sub-assembly that is joined here, where it is read. */
  readonly signals: Readonly<Partial<Record<StationRole, SignalBinding>>>;
  /** Item states of single places, by place index; absent where the station only tells its own. */
  readonly placeSignals?: readonly SignalBinding[];
  /** Signals of the station without a role of their own. */
  readonly processValues: readonly SignalBinding[];
  readonly mapping: StateMapping;
}

/** Name of an attribute of products, such as "Family": a station is set up when it changes from one part to the next. */
export type SetUpAttribute = string;

/**
 * The roles of the engineering file (docs/guide/engineering-file.md), in the order in which readings of one instant are taken, over all stations:
 * a part leaves before the next one enters, and what is counted belongs to the product before the change.
 */
export const STATION_ROLES = [
  "PartOut",
  "Total",
  "Good",
  "Reject",
  "LastCycle",
  "Product",
  "PartIn",
  "ComponentIn",
  "ItemState",
  "OperationMode",
  "VendorState",
  "Blocked",
  "Starved",
] as const;
export type StationRole = (typeof STATION_ROLES)[number];

/** A signal in a role. Values arrive in the signal's unit: scaling is done where samples enter the world. */
export interface SignalBinding {
  readonly id: RecordId;
  readonly name: string;
  readonly valueType: ValueType;
  readonly role?: string;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  /** Width of its unsigned integer type at the plant. */
  readonly unsignedBits?: UnsignedBits;
  readonly counter?: { readonly type: "totaliser" | "shiftReset"; readonly width?: 16 | 32 };
  /** P14: silence longer than this is "no data", seconds. */
  readonly aliveS?: number;
}

export type LineFlowKind = "main" | "assembly" | "reject" | "return";

export interface FlowDefinition {
  readonly from: string;
  readonly to: string;
  readonly kind: LineFlowKind;
  readonly travelS: number;
  readonly lengthM?: number;
}

export interface ProductDefinition {
  readonly id: string;
  /** What set-ups compare: attribute → value, such as { Family: "A" }. */
  readonly attributes: Readonly<Record<SetUpAttribute, string>>;
  /** Of the mix, 0–1. */
  readonly share: number;
  readonly batchMin: number;
  readonly batchMax: number;
}

/** Seconds one part of a product occupies one place of a station. */
export function idealCycleOf(station: Pick<StationDefinition, "idealCycleS" | "addedS">, product: string | undefined): number {
  return station.idealCycleS + (product === undefined ? 0 : (station.addedS[product] ?? 0));
}

/** Planned run time per item of ISO 22400-2: the seconds between parts when all places work. */
export function plannedRunTimePerItem(
  station: Pick<StationDefinition, "idealCycleS" | "addedS" | "places">,
  product: string | undefined,
): number {
  return idealCycleOf(station, product) / station.places;
}

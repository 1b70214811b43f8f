import type { Json, LineFlowKind, LocalText, RecordId, SetUpAttribute, StateMapping } from "@doppelwerk/kit";

/** A number of the documents with the property it stands in, so that a factor can name it. */
export interface PlantValue {
  readonly value: number;
  readonly element: RecordId;
  readonly submodel: RecordId;
  /** idShortPath inside the submodel. */
  readonly path: string;
  /** P17: the plan of record. */
  readonly planned?: { readonly value: number; readonly effectiveFrom: string; readonly owner: string };
}

/** A line as its shells describe it (docs/guide/engineering-file.md). */
export interface Plant {
  readonly id: string;
  readonly title: LocalText;
  /** AAS id of the line's shell. */
  readonly shell: string;
  readonly takt?: PlantValue;
  readonly constraint?: string;
  readonly carriers?: { readonly count: PlantValue; readonly from: string; readonly to: string };
  readonly directOperators?: PlantValue;
  readonly technicians?: PlantValue;
  /** What steps of components hold by name; absent: nothing is listed, so of nothing there is too little. */
  readonly resources?: readonly PlantResource[];
  readonly stations: readonly PlantStation[];
  readonly flows: readonly PlantFlow[];
  readonly products: readonly PlantProduct[];
  /** Attribute of products → what its property is called, where the file says it. */
  readonly attributeTitles: Readonly<Record<SetUpAttribute, LocalText>>;
  /** What its products look like; absent: plain blocks. */
  readonly productShape?: ProductShape;
  readonly shifts: readonly PlantShift[];
  readonly timeZone: string;
  readonly logistics?: PlantLogistics;
  /** Where it meets other lines. */
  readonly ends: readonly PlantEnd[];
  /** Orders of the plan that have a product of the line and a time, in their sequence. */
  readonly orders: readonly PlantOrder[];
  /** What is done at its stations, in pieces that could be done elsewhere; empty where nothing says. */
  readonly work: readonly PlantWorkElement[];
  /** What could not be read. */
  readonly findings: readonly LocalText[];
}

/** Looks of products that the pack knows. */
export type ProductShape = "washing-machine";

export interface PlantStation {
  readonly id: string;
  readonly title: LocalText;
  readonly shell: string;
  readonly values: Readonly<Partial<Record<StationValueName, PlantValue>>>;
  readonly placesFailAlone: boolean;
  readonly logged?: PlantLoggedTimes;
  readonly addedTimes: readonly { readonly product: string; readonly time: PlantValue }[];
  readonly setUps: readonly { readonly attribute: SetUpAttribute; readonly duration: PlantValue }[];
  readonly rejectTo?: string;
  readonly mapping: StateMapping;
  readonly layout?: PlantLayout;
  /** What simulates its work, where a pack does. */
  readonly component?: PlantComponent;
}

/** A component of a pack that a station names, with its parameters. */
export interface PlantComponent {
  readonly id: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Those that are one number of a property of the station. */
  readonly numbers: Readonly<Record<string, PlantValue>>;
}

/** A resource that steps of components hold. */
export interface PlantResource {
  readonly id: string;
  readonly title: LocalText;
  readonly count: PlantValue;
}

/** How long work takes at a station, as an event log states it. */
export interface PlantLoggedTimes {
  /** Seconds. */
  readonly mean: PlantValue;
  readonly visits: number;
  /** Seconds: all of them, or their quantiles; ascending. */
  readonly valuesS: readonly number[];
}

/** Numbers of the submodel `Station`, by idShort. */
export const STATION_VALUES = [
  "NumberOfPlaces",
  "IdealCycleTime",
  "BufferCapacity",
  "Operators",
  "MeanOperatingTimeBetweenFailures",
  "MeanTimeToRepair",
  "MicroStopInterval",
  "MicroStopDuration",
  "RejectRate",
  "RetestRejectRate",
  "MaxTries",
] as const;
export type StationValueName = (typeof STATION_VALUES)[number];

/** Plant floor: metres, y to the north; degrees against the clock. */
export interface PlantLayout {
  readonly partKind: string;
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly length?: number;
  readonly width?: number;
  /** Where it was when it was first imported: the difference is what somebody has moved. */
  readonly first: { readonly x: number; readonly y: number; readonly rotation: number };
  /** Elements that hold the position. */
  readonly elements: { readonly x: RecordId; readonly y: RecordId; readonly rotation?: RecordId };
}

export interface PlantFlow {
  readonly from: string;
  readonly to: string;
  readonly kind: LineFlowKind;
  readonly travelS: number;
  readonly lengthM?: number;
}

export interface PlantProduct {
  readonly id: string;
  /** Attribute → value: what set-ups compare and components read. */
  readonly attributes: Readonly<Record<SetUpAttribute, string>>;
  readonly share: number;
  readonly batchMin: number;
  readonly batchMax: number;
}

/** A station at a buffer that other lines share, of `Outlets` or `Inlets` of the line. */
export interface PlantEnd {
  readonly side: "outlet" | "inlet";
  readonly station: string;
  readonly buffer: {
    /** AAS id of the shell of the buffer. */
    readonly shell: string;
    readonly idShort: string;
    readonly title: LocalText;
    /** Absent: unlimited. */
    readonly capacity?: PlantValue;
  };
}

/** An order of the submodel `ProductionOrders`; microseconds since the epoch. */
export interface PlantOrder {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly start: number;
  readonly end: number;
}

/** An element of the submodel `WorkElements` of the line. */
export interface PlantWorkElement {
  readonly id: string;
  readonly title: LocalText;
  /** Seconds, as engineering planned it. */
  readonly time: PlantValue;
  /** Ids of the elements that must have been done before. */
  readonly after: readonly string[];
  readonly station: string;
  /** The property that says the station. */
  readonly stationElement: RecordId;
  /** Needs what only its station has. */
  readonly fixed: boolean;
}

/** Minutes after local midnight; ISO weekdays. */
export interface PlantShift {
  readonly name: string;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly days: readonly number[];
  readonly breaks: readonly { readonly startMinute: number; readonly minutes: number }[];
}

export interface PlantLogistics {
  readonly vehicles: PlantValue;
  readonly speedMps: number;
  readonly kitsPerTrip: number;
  readonly batteryH?: number;
  readonly station: string;
  /** One way from the store to the station, from the layout; undefined where that is not known. */
  readonly distanceM?: number;
}

/** The plant with other numbers in the properties named: every number of it knows the element it stands in. */
export function withValues<Part>(part: Part, values: ReadonlyMap<RecordId, number>): Part {
  if (Array.isArray(part)) return part.map((item: unknown) => withValues(item, values)) as Part;
  if (typeof part !== "object" || part === null) return part;
  const { element, value } = part as Partial<PlantValue>;
  if (element !== undefined && typeof value === "number") return values.has(element) ? { ...part, value: values.get(element)! } : part;
  return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, withValues(field, values)])) as Part;
}

/**
 * What really happens on the shop floor, one JSON array a line of `floor.ndjson`. The programs of the factory read it as a real scanner sees the box it is held
 * to; Doppelwerk never does. Times are whole milliseconds since 1970 in plant time, ascending.
 */
export type FloorRecord =
  /** The first line: one life of one plant. */
  | readonly ["h", ms: number, header: FloorHeader]
  /** A batch that a line will make, as planning knows it now; told again when it changes. */
  | readonly ["p", ms: number, line: FloorLine, batch: number, product: string, size: number]
  | readonly ["b", ms: number, line: FloorLine, batch: number, product: string, size: number]
  /** A machine begins as a serial of a batch. */
  | readonly ["n", ms: number, line: FloorLine, serial: string, batch: number]
  /** The serial now contains the tub. */
  | readonly ["j", ms: number, serial: string, tub: string]
  /** A part came into a station that uses one piece of each material there. */
  | readonly ["u", ms: number, station: string, serial: string]
  /** A cycle ended at a station with a tool, a bench or a test; results where a bench has its numbers from. */
  | readonly ["c", ms: number, station: string, serial: string, place: number, passed: 0 | 1, tries: number, results?: FloorResults]
  | readonly ["f", ms: number, line: FloorLine, serial: string]
  | readonly ["x", ms: number, line: FloorLine, serial: string]
  /** Stock in a storage location: put away, picked, or wanted and not there. */
  | readonly ["w", ms: number, what: "put" | "pick" | "short", material: string, location: string, quantity: number]
  | readonly ["s", ms: number, shift: string, what: "begin" | "end"]
  /** Kilowatt-hours since the record began, by consumer; at whole quarter hours. */
  | readonly ["e", ms: number, energy: FloorEnergy]
  /** Everything up to here is told. */
  | readonly ["t", ms: number];

export type FloorLine = "Line3" | "Line4";
export type FloorResults = Readonly<Record<string, number>>;

export interface FloorEnergy {
  readonly line3: number;
  readonly line4: number;
  readonly warehouse: number;
  readonly compressors: number;
  readonly ventilation: number;
  readonly lighting: number;
  /** What the feed carries: the sum of the others. */
  readonly feed: number;
  /** Free air delivered, m³. */
  readonly air: number;
}

export interface FloorHeader {
  readonly format: 1;
  /** Another life of the plant, or another plant, has another one. */
  readonly life: string;
  readonly seed: number;
  /** Whole hours ahead of UTC. */
  readonly utcOffsetHours: number;
  /** Local midnight of the first day of the demo. */
  readonly anchorDay: number;
  readonly recordFrom: number;
  /** Local clock, such as 06:00, of the shifts that are worked on `days`. */
  readonly shifts: readonly { readonly name: string; readonly start: string; readonly end: string; readonly days: string }[];
}

/** Stations whose cycles are told. */
export const floorStations: ReadonlySet<string> = new Set([
  "T10",
  "T20",
  "S080",
  "S090",
  "S100",
  "S110",
  "S120",
  "S130",
  "L4-010",
  "L4-020",
  "L4-030",
  "L4-050",
  "L4-060",
  "L4-070",
]);

/** Stations whose results are told with the cycle: a bench measures there. */
export const measuredStations: ReadonlySet<string> = new Set(["S080", "L4-010"]);

import type { Instant, Json } from "@doppelwerk/world";
import type { Distribution } from "../random/distribution.ts";

/**
 * A discrete production line as plain JSON. Seconds, metres and SI; instants are integer microseconds; probabilities 0–1.
 * Anything absent is off. `validateLineModel` checks a value of unknown origin against this shape.
 * Semantics (when a clock runs, what blocks what) are the numbered rules of SPEC.md.
 */
export interface LineModel {
  readonly format: "doppelwerk-line/1";
  readonly id: string;
  readonly name?: string;
  /** Planned takt in seconds; the ideal cycle of the constraint when its station declares none. */
  readonly taktS?: number;
  /** Station id at which line OEE is stated (P6). */
  readonly constraint?: string;
  readonly products: readonly ProductModel[];
  readonly program?: ProgramModel;
  readonly stations: readonly StationModel[];
  readonly carriers?: readonly CarrierModel[];
  /** Operators, floaters and technicians: everything that is seized by number. */
  readonly personnel?: readonly PersonnelModel[];
  readonly logistics?: LogisticsModel;
  /** Absent: always on, one 8 h shift after another from the start of the run, without breaks. */
  readonly calendar?: CalendarModel;
  readonly effects?: readonly EffectModel[];
  /** How `doppelwerk simulate` runs it; the command line goes first. The twin has its own horizons. */
  readonly run?: LineRunSettings;
}

export interface LineRunSettings {
  /** Seconds that are measured, after the warm-up. */
  readonly durationS?: number;
  /** Seconds deleted at the beginning; "auto" = MSER-5 on the output of five pilot runs. */
  readonly warmUpS?: number | "auto";
  readonly replications?: number;
  readonly seed?: number;
  /** Of the intervals; 0.95 when absent. */
  readonly confidence?: number;
  /** Instant at which a run begins; 0 (a Thursday, 1970-01-01) when absent. It decides the weekday of a weekly calendar. */
  readonly start?: Instant;
}

export interface ProductModel {
  readonly id: string;
  /** What set-up matrices compare, e.g. { family: "A", packaging: "large" }. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Which product the sources with `program: true` release next. Absent: always the first product. */
export type ProgramModel =
  /** A product drawn so that it makes `share` of the units and a batch size uniform in [batchMin, batchMax]; drawn independently: two batches running may carry the same product. */
  | {
      readonly kind: "batches";
      readonly mix: readonly { readonly product: string; readonly share: number; readonly batchMin: number; readonly batchMax: number }[];
      /** Orders that are known to come, in their sequence; batches are drawn when they are through. A design study knows none (P3). */
      readonly planned?: readonly PlannedOrder[];
    }
  /** A given list; `repeat` starts over at the end, else the sources dry up. */
  | {
      readonly kind: "orders";
      readonly orders: readonly { readonly id?: string; readonly product: string; readonly quantity: number }[];
      readonly repeat?: boolean;
    };

/** An order of the plan. Where a run begins among them follows from the times and from what is being made (rule S36). */
export interface PlannedOrder {
  readonly id?: string;
  readonly product: string;
  readonly quantity: number;
  readonly start: Instant;
  readonly end: Instant;
}

export interface StationModel {
  readonly id: string;
  readonly name?: string;
  /** Parallel places; each holds one part. */
  readonly places: number;
  /** Time one part occupies one place, and its replacement for single products. */
  readonly cycle: CycleModel;
  /** Slots before the station, parts that travel towards it included. `undefined` capacity: unlimited. */
  readonly buffer?: BufferModel;
  /** A second input that is joined one to one with the main part. Its buffer holds what `next.input: "assembly"` sends. */
  readonly assembly?: { readonly buffer: BufferModel };
  /** Parts begin here. A source needs no buffer: a free place takes the next part of the program. */
  readonly source?: SourceModel;
  /** Where a finished part goes; absent: it leaves the line as good. */
  readonly next?: RouteModel;
  readonly operators?: SeizeModel;
  readonly stops?: readonly StopModel[];
  readonly setUps?: readonly SetUpModel[];
  readonly inspection?: InspectionModel;
  /** Probability that a part is destroyed here after its cycle (before inspection). */
  readonly scrapProbability?: number;
  /** Kits the station uses, one of each listed material per part. */
  readonly materials?: readonly MaterialModel[];
  /** The station does not stop for breaks or at the end of a shift (maintenance, ovens). */
  readonly unattended?: boolean;
  /** A component of a pack says how long each part takes and what becomes of it, in the place of `cycle` and `inspection.rejectByTry`. */
  readonly component?: ComponentModel;
}

export interface ComponentModel {
  /** `dyeHouse.jet`. */
  readonly id: string;
  /** Those that are absent have the defaults of the component. */
  readonly parameters?: Readonly<Record<string, Json>>;
}

export interface CycleModel {
  readonly time: Distribution;
  /** Replaces `time` for the products named. */
  readonly byProduct?: Readonly<Record<string, Distribution>>;
  /** Ideal seconds per part on one place for OEE (ISO 22400 planned run time per item); the mean of the distribution when absent. */
  readonly idealS?: number;
  readonly idealByProduct?: Readonly<Record<string, number>>;
  /** Times that a log states of `n` visits, all of them or their quantiles: `time` is fitted to them where the plant itself was not watched. */
  readonly logged?: { readonly n: number; readonly valuesS: readonly number[] };
  /** Nothing states the time: `time` is an assumption. */
  readonly isAssumed?: boolean;
}

export interface BufferModel {
  readonly capacity?: number;
  /** Default first in, first out. */
  readonly order?: "fifo" | "lifo";
}

export interface SourceModel {
  /** Follows the program (and carries its product); false: parts of no product. */
  readonly program: boolean;
  /** Absent: saturated, there is always a next part. Else seconds between arrivals into the buffer, whatever its capacity, day and night. */
  readonly interarrival?: Distribution;
}

export interface RouteModel {
  readonly station: string;
  /** Default "main". */
  readonly input?: "main" | "assembly";
  /** Conveyor time; a travelling part holds its slot of the buffer ahead. */
  readonly travelS?: number;
}

/** Needs `count` people out of the first of `pools` that has them (own people first, floaters after). */
export interface SeizeModel {
  readonly pools: readonly string[];
  readonly count: number;
}

export interface PersonnelModel {
  readonly id: string;
  readonly name?: string;
  readonly count: number;
  /** Other numbers in single shifts, by shift id. */
  readonly countByShift?: Readonly<Record<string, number>>;
}

/** A reason why a place stops by itself. */
export interface StopModel {
  readonly id: string;
  /** Decides the state a place shows and whether it counts as a breakdown (P8: micro-stops are not). */
  readonly class: "failure" | "microStop";
  /** What the time to the next stop is measured in: seconds of working, seconds of the calendar, or parts. */
  readonly clock: "operating" | "calendar" | "cycles";
  /** Seconds, or parts for `cycles`. The clock starts anew after each stop. */
  readonly between: Distribution;
  /** Seconds of active repair, or of the micro-stop. */
  readonly duration: Distribution;
  /** Each place has its own clock and stops alone (default), or the station has one clock (running while at least one place works) and all places stop together. */
  readonly scope?: "place" | "station";
  /** Who repairs; the place is `waitingRepair` until they are free. Absent: repair starts at once. */
  readonly repairedBy?: SeizeModel;
  /** What becomes of the part in work: its remaining time is resumed (default), it is begun again, or it is destroyed. */
  readonly part?: "resume" | "restart" | "scrap";
  /** Repair goes on through breaks and between shifts. Default: it pauses with the station. */
  readonly repairAlways?: boolean;
  /** Happens, but the plant does not report it: observers see `cause: "unknown"`. */
  readonly unreported?: boolean;
}

/** Set-up when a place begins a product whose `attribute` differs from the last one it worked on. Several that apply add up. */
export interface SetUpModel {
  readonly attribute: string;
  readonly time: Distribution;
  /** Matrix by value, from → to; replaces `time` for the pairs named. */
  readonly matrix?: Readonly<Record<string, Readonly<Record<string, Distribution>>>>;
}

export interface InspectionModel {
  /** Probability of rejection by try; the last entry counts for every later try. */
  readonly rejectByTry: readonly number[];
  /** A part rejected on its try number `maxTries` is scrapped. Default: unlimited. */
  readonly maxTries?: number;
  /** What numbers the tries of a part: how often it came to this station (default), or one more than its visits to rework. */
  readonly tries?: "station" | "rework";
  /** Where rejects go; absent: they are scrapped at once. */
  readonly reject?: RouteModel;
}

export interface MaterialModel {
  readonly id: string;
  /** Kits the station can hold beside it. */
  readonly capacity: number;
  /** A trip is called when kits on hand and on the way are at or below this. */
  readonly reorderAt: number;
  /** Kits there at the start of a run without initial state; default `capacity`. */
  readonly initial?: number;
  /** Kits an automated guided vehicle brings a trip. */
  readonly kitsPerTrip: number;
  /** One way, store to station. */
  readonly distanceM: number;
}

/** One fleet of automated guided vehicles that serves every material. */
export interface LogisticsModel {
  readonly vehicles: number;
  readonly speedMps: number;
  readonly loadS: Distribution;
  readonly unloadS: Distribution;
  /** Driving and handling seconds on one charge; absent: no batteries. */
  readonly batteryS?: number;
  readonly chargeS?: number;
}

/** Carriers: taken when a part begins at station `from`, released when it leaves station `to` (or the line), back after `returnS`. */
export interface CarrierModel {
  readonly id: string;
  readonly count: number;
  readonly from: string;
  readonly to: string;
  readonly returnS?: number;
}

export type CalendarModel =
  /** A week that repeats, in local time of a fixed offset. Zones with summer time are expanded to a list by the caller. */
  | { readonly kind: "weekly"; readonly utcOffsetS?: number; readonly shifts: readonly WeeklyShiftModel[] }
  /** Explicit shifts in ascending order that do not overlap. */
  | { readonly kind: "list"; readonly shifts: readonly ListedShiftModel[] };

export interface WeeklyShiftModel {
  readonly id: string;
  /** ISO weekday of the start: 1 Monday … 7 Sunday. */
  readonly days: readonly number[];
  /** Seconds after local midnight; an end past 86 400 is the next day. */
  readonly startS: number;
  readonly endS: number;
  readonly breaks?: readonly { readonly startS: number; readonly durationS: number }[];
}

export interface ListedShiftModel {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly breaks?: readonly { readonly start: Instant; readonly end: Instant }[];
}

/** Something that varies with time: the hook for what an engineering file does not know, and for what-if events. */
export type EffectModel =
  /** Multiplies, while active, cycle times, rates of stops or probabilities of rejection of the stations named (all when absent). */
  | {
      readonly kind: "factor";
      readonly id: string;
      readonly on: "cycle" | "stopRate" | "reject";
      readonly stations?: readonly string[];
      /** Only this stop, for `stopRate`. */
      readonly stop?: string;
      readonly factor: FactorModel;
      readonly when: WindowModel;
    }
  /** Stops the stations named at once, whatever they do; work is resumed after. */
  | {
      readonly kind: "outage";
      readonly id: string;
      readonly stations: readonly string[];
      readonly cause: "utility" | "material" | "other";
      readonly when: WindowModel;
    }
  /** No kit of this material leaves the store and none is taken into use while active. */
  | { readonly kind: "shortage"; readonly id: string; readonly material: string; readonly when: WindowModel };

export type FactorModel =
  | { readonly kind: "constant"; readonly value: number }
  /** From `from` to `to` over `overS` seconds since the start of the run's epoch `since`, then again from `from` (wear until the part is changed). */
  | { readonly kind: "wear"; readonly from: number; readonly to: number; readonly overS: number; readonly since?: Instant };

/** When an effect is active. Windows are evaluated on the calendar, independent of what the line does. */
export type WindowModel =
  | { readonly kind: "always" }
  | { readonly kind: "intervals"; readonly intervals: readonly { readonly start: Instant; readonly end: Instant }[] }
  /** The last `lastS` seconds of every shift. */
  | { readonly kind: "endOfShift"; readonly lastS: number }
  /** In every `every`-th shift (counted from the first of the calendar in the epoch week), `durationS` long from `afterS` after its start, moved by up to `spreadS` later by chance. */
  | {
      readonly kind: "shifts";
      readonly every: number;
      readonly offset?: number;
      readonly afterS: number;
      readonly durationS: number;
      readonly spreadS?: number;
    }
  /** Periodic in calendar time from `since` (the epoch when absent). */
  | { readonly kind: "periodic"; readonly since?: Instant; readonly periodS: number; readonly durationS: number }
  /** By chance: alternating gaps and durations. */
  | { readonly kind: "random"; readonly between: Distribution; readonly duration: Distribution };

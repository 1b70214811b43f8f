import type { Distribution } from "../random/distribution.ts";

/**
 * A flow model as plain JSON: components joined by `to`, what `doppelwerk simulate` reads. Seconds, metres, watts, litres;
 * probabilities 0–1; time 0 is the start of the run. Anything absent is off. `validateFlowModel` checks a value of unknown origin;
 * docs/guide/simulate.md has the tables and examples; semantics are the rules FM1… of SPEC.md.
 */
export interface FlowModel {
  readonly format: "doppelwerk-flow/1";
  readonly name?: string;
  readonly run?: FlowRunSettings;
  readonly products?: readonly FlowProduct[];
  readonly components: readonly FlowComponent[];
  readonly limits?: readonly FlowLimit[];
  readonly calendars?: readonly FlowCalendar[];
  readonly operators?: readonly FlowOperators[];
  readonly network?: FlowNetwork;
  readonly fleets?: readonly FlowFleet[];
  readonly positions?: readonly FlowPosition[];
  readonly robots?: readonly FlowRobot[];
}

/** What the command line may replace. */
export interface FlowRunSettings {
  /** Seconds that are measured, after the warm-up. Without it a run ends when nothing more can happen. */
  readonly durationS?: number;
  /** Seconds deleted at the beginning; "auto" = MSER-5 on pilot runs. */
  readonly warmUpS?: number | "auto";
  readonly replications?: number;
  readonly seed?: number;
  /** Of the intervals; 0.95 when absent. */
  readonly confidence?: number;
  /** Replications are added until the half width is at most this share of the mean. */
  readonly precision?: { readonly kpi: string; readonly relativeHalfWidth: number; readonly maxReplications?: number };
}

export interface FlowProduct {
  readonly id: string;
  /** Lower goes first in buffers of order "priority"; 0 when absent. */
  readonly priority?: number;
  /** What set-up matrices may compare instead of the product itself. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Seconds (or a count): a number = always this, a distribution, what fits observed values, or a mixture of them. */
export type FlowTime =
  | number
  | Distribution
  /** Observed values: drawn from the family that describes them best (rule F1), or from themselves. */
  | { readonly kind: "fitted"; readonly values: readonly number[] }
  | { readonly kind: "mixture"; readonly of: readonly { readonly weight: number; readonly time: FlowTime }[] };

/** Where an item goes next: the id of a component ("cell.lid" = input "lid" of assembly "cell"), by chance, or by a rule. */
export type FlowRoute =
  | string
  /** By chance; the last entry without `probability` takes the rest. */
  | readonly { readonly to: string; readonly probability?: number }[]
  | { readonly by: "product"; readonly map: Readonly<Record<string, string>>; readonly else?: string }
  /** first: the first of the list that has room; shortest: the one with the fewest items in it and before it; turn: one after another. */
  | { readonly by: "first" | "shortest" | "turn"; readonly among: readonly string[] };

interface Named {
  readonly id: string;
  readonly name?: string;
}

interface Giving extends Named {
  readonly to: FlowRoute;
}

export type FlowComponent =
  | FlowSource
  | FlowSink
  | FlowBuffer
  | FlowStation
  | FlowAssembly
  | FlowUnpack
  | FlowConveyor
  | FlowTransport
  | FlowHandling
  | FlowTank
  | FlowPipe
  | FlowCustom;

export interface FlowSource extends Giving {
  readonly type: "source";
  /** Seconds between arrivals. Absent together with `rates` and `arrivals`: saturated, there is always a next item. */
  readonly interarrival?: FlowTime;
  /** Arrivals an hour that change with time (Poisson); the last counts on, or from the beginning again after `repeatS`. */
  readonly rates?: readonly { readonly fromS: number; readonly perHour: number }[];
  /** Recorded or planned arrivals, in ascending order. */
  readonly arrivals?: readonly { readonly atS: number; readonly product?: string; readonly quantity?: number }[];
  readonly repeatS?: number;
  /** An arrival each time the level of a tank falls (or rises) to a mark. */
  readonly whenLevel?: { readonly tank: string; readonly fallsToL?: number; readonly risesToL?: number };
  /** Items an arrival brings; 1 when absent. */
  readonly quantity?: FlowTime;
  readonly product?: string;
  readonly mix?: Readonly<Record<string, number>>;
  /** An order list: products in this order, `quantity` each. */
  readonly orders?: readonly { readonly product: string; readonly quantity: number }[];
  readonly repeatOrders?: boolean;
  /** No more than this many items in all. */
  readonly limit?: number;
  /** Items that find no room wait at the source without limit (default), or are lost. */
  readonly whenFull?: "wait" | "lose";
}

export interface FlowSink extends Named {
  readonly type: "sink";
  readonly counts?: "good" | "scrap";
}

export interface FlowBuffer extends Giving {
  readonly type: "buffer";
  /** Absent: unlimited. */
  readonly capacity?: number;
  readonly order?: "fifo" | "lifo" | "priority";
  /** Seconds an item must stay at least (cooling, drying). */
  readonly dwell?: FlowTime;
}

export interface FlowOperatorNeed {
  /** Id of a group of operators, or a skill that groups have. */
  readonly operators?: string;
  readonly skill?: string;
  readonly count?: number;
}

export interface FlowStop {
  readonly id: string;
  readonly kind?: "failure" | "maintenance";
  /** operating: seconds of working; calendar: seconds that pass; cycles: finished cycles. */
  readonly clock: "operating" | "calendar" | "cycles";
  readonly between: FlowTime;
  readonly duration: FlowTime;
  readonly repairedBy?: FlowOperatorNeed;
  /** What becomes of the item in work. */
  readonly item?: "resume" | "restart" | "scrap";
  /** at once, or when the item in work is finished (default for maintenance). */
  readonly strikes?: "atOnce" | "betweenItems";
}

export interface FlowSetUp {
  readonly time: FlowTime;
  /** Compare this attribute of the products instead of the product. */
  readonly attribute?: string;
  readonly matrix?: Readonly<Record<string, Readonly<Record<string, FlowTime>>>>;
}

export interface FlowInspection {
  /** Probability of rejection, or one by try (the last counts on). */
  readonly reject: number | readonly number[];
  /** Where rejected items go; absent: scrapped. */
  readonly to?: FlowRoute;
  /** A reject on this try is scrapped. */
  readonly maxTries?: number;
}

export interface FlowEnergy {
  readonly workingW?: number;
  readonly setUpW?: number;
  readonly idleW?: number;
  readonly failedW?: number;
  readonly offW?: number;
}

interface Working extends Giving {
  /** Identical places that work side by side; 1 when absent. */
  readonly places?: number;
  readonly time: FlowTime;
  readonly timeByProduct?: Readonly<Record<string, FlowTime>>;
  readonly setUp?: FlowSetUp;
  readonly operators?: readonly FlowOperatorNeed[];
  readonly stops?: readonly FlowStop[];
  readonly inspection?: FlowInspection;
  /** Probability that the item is destroyed here. */
  readonly scrap?: number;
  readonly calendar?: string;
  /** At a break: work pauses and goes on after (default), or the item in work is finished. */
  readonly atBreak?: "pause" | "finish";
  /** after: a finished item that finds no room stays in its place (default); before: work begins only when room ahead is kept. */
  readonly blocking?: "after" | "before";
  readonly energy?: FlowEnergy;
  /** Litres drawn at once when work can begin; the place waits until all are there. */
  readonly takes?: readonly FlowDose[];
  /** Litres poured at once when work has ended; the place waits until there is room for all. */
  readonly gives?: readonly FlowDose[];
}

export interface FlowDose {
  readonly tank: string;
  readonly litres: number;
}

export interface FlowStation extends Working {
  readonly type: "station";
  /** Slots before the station: a number, "unlimited", or more. Absent: none. */
  readonly buffer?: number | "unlimited" | { readonly capacity?: number; readonly order?: "fifo" | "lifo" | "priority" };
  /** Works on several items at once; they go on one after another. */
  readonly batch?: { readonly size: number; readonly minimum?: number; readonly waitS?: number };
}

export interface FlowInput {
  readonly id: string;
  readonly count?: number;
  /** Slots of this input; `count` when absent. */
  readonly capacity?: number | "unlimited";
}

/** Takes `count` of every input; the item of the first goes on, the others are joined to it (assembly) or travel inside it (pack). */
export interface FlowAssembly extends Working {
  readonly type: "assembly" | "pack";
  readonly inputs: readonly FlowInput[];
}

/** Opens containers: contents go `to`, the empty container `containerTo` (absent: it is gone). Or makes new items beside the one that came. */
export interface FlowUnpack extends Working {
  readonly type: "unpack" | "disassembly";
  readonly buffer?: FlowStation["buffer"];
  readonly containerTo?: FlowRoute;
  readonly parts?: readonly { readonly product?: string; readonly count?: number; readonly to: FlowRoute }[];
}

export interface FlowConveyor extends Giving {
  readonly type: "conveyor";
  readonly lengthM: number;
  readonly speedMps: number;
  /** Length an item takes up. */
  readonly pitchM: number;
  /** false: the whole belt stops while the first item cannot leave. Default true. */
  readonly accumulating?: boolean;
}

/** Vehicles of a fleet fetch items at point `at` and bring them to the point of the component they go to. */
export interface FlowTransport extends Giving {
  readonly type: "transport";
  readonly fleet: string;
  readonly at: string;
  /** Component → point. */
  readonly points: Readonly<Record<string, string>>;
  /** Items that may wait for a vehicle; absent: unlimited. */
  readonly capacity?: number;
  readonly priority?: number;
}

/** A robot fetches items out of the places they are finished in, at position `at`, and puts them where they go. */
export interface FlowHandling extends Giving {
  readonly type: "robot";
  readonly robot: string;
  readonly at: string;
  /** Component → position. */
  readonly positions: Readonly<Record<string, string>>;
  readonly priority?: number;
}

export interface FlowPosition {
  readonly id: string;
  /** Metres: x, y and z (0 when absent). */
  readonly at: readonly number[];
  /** Positions of one zone hold one robot at a time. */
  readonly zone?: string;
}

export interface FlowRobot {
  readonly id: string;
  /** Position where it begins, and to which it withdraws out of a zone when it has nothing to do. */
  readonly home: string;
  /** Metres; with `reachM` every position it uses must be within reach. */
  readonly base?: readonly number[];
  readonly reachM?: number;
  readonly speedMps: number;
  readonly accelerationMps2?: number;
  readonly pickS?: FlowTime;
  readonly placeS?: FlowTime;
}

export interface FlowTank extends Named {
  readonly type: "tank";
  readonly capacityL: number;
  readonly initialL?: number;
}

/** Carries up to `rateLps` from a tank to a tank; without `from` out of an endless supply, without `to` away. */
export interface FlowPipe extends Named {
  readonly type: "pipe";
  readonly from?: string;
  readonly to?: string;
  readonly rateLps: number;
  /** Seconds open and shut in turn; absent: always open. */
  readonly open?: FlowTime;
  readonly shut?: FlowTime;
  /** Opens and shuts when the level of a tank reaches a mark; shut between the two at the start. */
  readonly control?: { readonly tank: string; readonly opensAtL: number; readonly shutsAtL: number };
}

/** A component that a program adds (`defineSimModel`); `parameters` are its own. */
export interface FlowCustom extends Named {
  readonly type: "custom";
  readonly model: string;
  readonly to?: FlowRoute;
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;
}

/** At most `count` items between entering `from` and leaving `to` (kanban over one component, CONWIP over a line). */
export interface FlowLimit {
  readonly id: string;
  readonly count: number;
  readonly from: string;
  readonly to: string;
}

/** On times inside a period that repeats. */
export interface FlowCalendar {
  readonly id: string;
  /** 86 400 when absent. */
  readonly periodS?: number;
  readonly on: readonly { readonly fromS: number; readonly toS: number }[];
}

export interface FlowOperators {
  readonly id: string;
  readonly count: number;
  readonly skills?: readonly string[];
  readonly calendar?: string;
  /** Seconds to walk to a job. */
  readonly walkS?: FlowTime;
}

export interface FlowNetwork {
  readonly points: readonly string[];
  readonly ways: readonly {
    readonly from: string;
    readonly to: string;
    readonly lengthM: number;
    readonly oneWay?: boolean;
    readonly zone?: string;
  }[];
}

export interface FlowFleet {
  readonly id: string;
  readonly vehicles: number;
  readonly speedMps: number;
  readonly home: string;
  readonly loadS?: FlowTime;
  readonly unloadS?: FlowTime;
  /** Which waiting item an idle vehicle fetches: the one waiting longest (default), the nearest, or by priority of the transport. */
  readonly dispatch?: "oldest" | "nearest" | "priority";
  readonly battery?: { readonly driveM: number; readonly chargeS: FlowTime; readonly at: string };
}

export function isWorking(component: FlowComponent): component is FlowStation | FlowAssembly | FlowUnpack {
  return ["station", "assembly", "pack", "unpack", "disassembly"].includes(component.type);
}

import type { ValueType } from "@doppelwerk/world";

/** What a source offers, whatever it speaks: the neutral input of a proposal. Order does not matter; the proposal sorts. */
export interface Offered {
  /** Stable name of the source; ids of everything proposed hash from it and the path. */
  readonly source: string;
  /** What people call the source. */
  readonly name: string;
  readonly objects: readonly OfferedObject[];
  readonly variables: readonly OfferedVariable[];
  /** Machines that other sources told of before. */
  readonly known?: readonly KnownAsset[];
  /** Directly-follows counts of an event log: `to` was the next activity of a case after `from`. Names as they stand in the log. */
  readonly precedence?: readonly Precedence[];
  /** Work times that the log states, of the activities that take time. */
  readonly times?: readonly LoggedTimes[];
  /** True when a bound was reached while looking: then nothing may be concluded from what is absent. */
  readonly truncated: boolean;
}

/** A machine that is an asset already. */
export interface KnownAsset {
  /** Id of its shell. */
  readonly shell: string;
  /** What people call the source that told of it. */
  readonly source: string;
  /** idShort first, then what is shown. */
  readonly names: readonly string[];
  readonly serialNumber?: string;
  readonly manufacturer?: string;
  readonly productInstanceUri?: string;
  /** Roles that other sources fill. */
  readonly roles: readonly string[];
  /** Counts that stand now, by role. */
  readonly present: Readonly<Record<string, number>>;
}

/** A node that holds others. Only those that say something of themselves: a type beyond folder and object, or properties. */
export interface OfferedObject {
  /** Names from the root of the source's own tree down. */
  readonly path: readonly string[];
  /** Type definition: URI of its namespace (never an index, P20) and browse name. */
  readonly type?: { readonly namespace: string; readonly name: string };
  /** What the type derives from, nearest first. */
  readonly supertypes?: readonly { readonly namespace: string; readonly name: string }[];
  /** What people read, when it differs from the last name. */
  readonly displayName?: string;
  /** Static values by name: `Manufacturer`, `SerialNumber`. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface OfferedVariable {
  readonly path: readonly string[];
  /** Inside the connection, as a signal has it. */
  readonly address: string;
  readonly displayName?: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly description?: string;
  /** The role that a connector recognised by its standard (PackML tags). */
  readonly role?: string;
  readonly counter?: "totaliser" | "shiftReset";
  readonly hasHistory?: boolean;
  readonly samples?: SampleSummary;
  /** What stands there now, where somebody looked. */
  readonly present?: number | string;
}

/** What was seen of a variable. Times in seconds. */
export interface SampleSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Span over which it was seen. */
  readonly overS: number;
  /** Times it fell, and times it rose, from one value to the next. */
  readonly falls: number;
  readonly rises: number;
}

/** How long an activity of an event log takes. Seconds. */
export interface LoggedTimes {
  /** As it stands in the log. */
  readonly activity: string;
  readonly n: number;
  readonly meanS: number;
  /** All times, or their quantiles; ascending. */
  readonly valuesS: readonly number[];
  /** Most visits at one time. */
  readonly places: number;
  /** Waiting before it is in the time. */
  readonly isBound: boolean;
  /** From the end of one visit to the next, median; absent where there are few. */
  readonly intervalS?: number;
  /** `pooled`: too few visits for a mean of its own. */
  readonly resources: readonly { readonly resource: string; readonly n: number; readonly meanS: number; readonly pooled: boolean }[];
}

export interface Precedence {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

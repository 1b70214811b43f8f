import type { SignalRecord, ValueType } from "@doppelwerk/world";

/** Something found in a plant, as a proposal for a signal. Absent unit or range = the plant does not say, and it stays unknown (P20). */
export interface SignalDraft extends Pick<SignalRecord, "role" | "scale" | "counter" | "deadband" | "minIntervalS"> {
  readonly name: string;
  /** From the root of the plant's own tree down: browse names, parts of a topic, tokens of a JSON pointer. */
  readonly path: readonly string[];
  readonly address: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  /** Names of the values of an enumeration. */
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly description?: string;
  /** What was last said of it, when the plant said something. */
  readonly example?: string;
  readonly writable: boolean;
  readonly hasHistory: boolean;
}

/** A node of the plant's tree that says something of itself: by its type, or by properties beside it. */
export interface FoundObject {
  readonly path: readonly string[];
  /** Type definition: namespace URI and browse name. */
  readonly type?: { readonly namespace: string; readonly name: string };
  readonly displayName?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface BrowseResult {
  readonly serverName: string;
  readonly namespaces: readonly string[];
  readonly drafts: readonly SignalDraft[];
  /** What cannot be a signal, by reason: an array, a structure, not readable. */
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  /** True when a bound was reached. */
  readonly truncated: boolean;
  /** Absent where the protocol has no such nodes. */
  readonly objects?: readonly FoundObject[];
  /** What a person should know before taking the drafts; absent = nothing. */
  readonly remarks?: readonly string[];
}

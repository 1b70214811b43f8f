import type { Instant } from "../instant.ts";
import type { Quality } from "./sample.ts";
import type { Enumeration } from "./enumeration.ts";
import type { SignalRecord, ValueType } from "./signal.ts";
import { textOf, type Message } from "@doppelwerk/messages";

/** Something found in a plant, as a proposal for a signal. Absent unit or range = the plant does not say, and it stays unknown (P20). */
export interface SignalDraft extends Pick<SignalRecord, "role" | "scale" | "unsignedBits" | "counter" | "deadband" | "minIntervalS"> {
  readonly name: string;
  /** From the root of the plant's own tree down: browse names, parts of a topic, tokens of a JSON pointer. */
  readonly path: readonly string[];
  readonly address: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  /** Names of the numbers of an enumeration, and of the two values of a truth value, as the plant gives them. */
  readonly enumeration?: Enumeration;
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
  /** What the type derives from, nearest first, as far as a standard or a vendor declared it. */
  readonly supertypes?: readonly { readonly namespace: string; readonly name: string }[];
  readonly displayName?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** What stands at an address now. */
export interface PresentValue {
  readonly value?: number | string | boolean;
  readonly quality: Quality;
  readonly time?: Instant;
}

/** One argument of a method. `dataType` is the built-in type that is sent, `array` when it takes a list of them. */
export interface MethodArgument {
  readonly name: string;
  readonly dataType: string;
  readonly array?: true;
  readonly description?: string;
  /** False when its type is a structure, which cannot be typed in. */
  readonly supported: boolean;
}

/** Something the plant can be told to do: called only as a Command. */
export interface FoundMethod {
  readonly path: readonly string[];
  /** Address of the object it is called on, and its own. */
  readonly object: string;
  readonly method: string;
  readonly description?: string;
  readonly inputs: readonly MethodArgument[];
  readonly outputs: readonly MethodArgument[];
}

/** A condition the plant tells of by events. `state` as bits: active 1, unacknowledged 2, unconfirmed 4, disabled 8. */
export interface FoundCondition {
  readonly address: string;
  readonly source: string;
  readonly name: string;
  readonly message: string;
  /** 1–1000 (OPC UA Part 5, 6.4.2); 0 = not told yet. */
  readonly severity: number;
  readonly state: number;
}

export interface BrowseResult {
  readonly serverName: string;
  readonly namespaces: readonly string[];
  readonly drafts: readonly SignalDraft[];
  /** What cannot be a signal, by reason: an array, a structure, not readable. */
  readonly skipped: readonly { readonly reason: Message; readonly count: number }[];
  /** True when a bound was reached. */
  readonly truncated: boolean;
  /** Absent where the protocol has no such nodes. */
  readonly objects?: readonly FoundObject[];
  readonly methods?: readonly FoundMethod[];
  readonly conditions?: readonly FoundCondition[];
  /** What a person should know before taking the drafts; absent = nothing. */
  readonly remarks?: readonly Message[];
}

/** What a plant offers, as an answer carries it: reasons and remarks as texts, and as messages for a screen of any language. */
export function answeredOffer({ skipped, remarks, ...found }: BrowseResult) {
  return {
    ...found,
    skipped: skipped.map(({ reason, count }) => ({ reason: textOf(reason), message: reason, count })),
    ...(remarks && { remarks: remarks.map(textOf), notes: remarks }),
  };
}

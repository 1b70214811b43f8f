import type { ValueType } from "@doppelwerk/world";

/** A variable found in a server, as a proposal for a signal. Absent unit or range = the server does not say, and it stays unknown (P20). */
export interface SignalDraft {
  readonly name: string;
  /** Browse names from the Objects folder down. */
  readonly path: readonly string[];
  readonly address: string;
  readonly valueType: ValueType;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  /** Names of the values of an enumeration. */
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly description?: string;
  readonly writable: boolean;
  readonly hasHistory: boolean;
}

export interface BrowseResult {
  readonly serverName: string;
  readonly namespaces: readonly string[];
  readonly drafts: readonly SignalDraft[];
  /** Variables that cannot be a signal, by reason: an array, a structure, not readable. */
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  /** True when the bound on nodes was reached. */
  readonly truncated: boolean;
}

import type { LocalText } from "@doppelwerk/operations";
import type { BranchId, Instant, Principal, RecordId } from "@doppelwerk/world";
import type { Message } from "@doppelwerk/messages";
import { slot } from "./token.ts";

/** A span of time, [from, to). */
export interface KpiSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** What an element of ISO 22400-2 is asked of: a station or a line as a whole, over the span, and of it one order or product alone where one is named. */
export interface KpiInputQuestion extends KpiSpan {
  /** Who asks: the value is of what they may read, or it is unknown. */
  readonly principal: Principal;
  readonly branch: BranchId;
  /** Id of the line; absent: the first. */
  readonly line?: RecordId;
  /** Id of a station of the line; absent: the line as a whole. */
  readonly station?: string;
  readonly order?: string;
  readonly product?: string;
}

/**
 * An element over the span, in the unit of the standard: times in seconds, quantities in units, energy in kWh, a characteristic in its own unit. Without a
 * value it is not known: `unknown` says why, in a sentence that people read beside the KPI.
 */
export interface KpiInputValue {
  /** As in ISO 22400-2 clause 6, and `KPI_ELEMENTS` of `@doppelwerk/operations`: `AOET`, `APWT`, `E`, `CM` … */
  readonly symbol: string;
  readonly value?: number;
  readonly unknown?: Message;
  /** What it was computed of, for people who compute it again: "3 orders", "meter EM-LINE3". */
  readonly of?: Message;
  /** It is derived from simulated values. */
  readonly isSimulated?: true;
}

/** Something that KPIs can be cut by, beside hours, shifts and days: an order, with the time that the line worked on it. */
export interface KpiOrder {
  /** As people write it: `4500017`. */
  readonly id: string;
  readonly title?: LocalText;
  readonly product?: string;
  /** When it was worked on, in order of time: from the first start to the end, or to the instant asked for while it is under way. */
  readonly spans: readonly KpiSpan[];
}

/**
 * Elements that a feature knows and that states and counts of a line do not give: orders (AOET, PSQ), people (APWT, APAT), energy (E), quality (USL, LSL,
 * Xm, sd, sdm), stores (TH, AI, CM, IGQ, PL, STL, OL). The feature `kpis` asks every source at each question and takes the first that knows a value;
 * where none does, the reasons are shown. An answer takes seconds at most; what throws is logged, and its elements are unknown.
 */
export interface KpiInputSource {
  /** Id of the feature. */
  readonly feature: string;
  /** Symbols that it may give a value of, at some level. It is asked for no others. */
  readonly symbols: readonly string[];
  /** A symbol that is left out is not of this level: another source may know it. */
  values(question: KpiInputQuestion): Promise<readonly KpiInputValue[]>;
  /** Orders that were worked on in the span, in order of time; only where the feature knows orders. */
  orders?(question: Omit<KpiInputQuestion, "order" | "product">): Promise<readonly KpiOrder[]>;
}

export const kpiInputs = slot<KpiInputSource>("kpis.inputs", 1);

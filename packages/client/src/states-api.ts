// How the raw words and bits of stations are read (docs/guide/states.md).
import type { Message } from "@doppelwerk/messages";
import type { DeclaredSignal } from "./commands-api.ts";
import type { Instant, RecordId } from "@doppelwerk/world";

/** A station, and what of its raw words nobody gave a meaning. */
export interface StationWords {
  readonly station: string;
  readonly label: string;
  readonly words: number;
  readonly unmapped: number;
  readonly unmappedS: number;
}

export interface WordMeaning {
  readonly state: string;
  readonly cause: string;
}

/** `from` undefined: since the record began. */
export interface ReadingVersion {
  readonly version: number;
  readonly from?: Instant;
  readonly words: Readonly<Record<string, WordMeaning>>;
  readonly blockedBit: boolean;
  readonly starvedBit: boolean;
  readonly neighbours: boolean;
  /** Who wrote it, when and why, as the log tells; absent where it tells nothing. */
  readonly written?: {
    readonly revision: number;
    readonly at: Instant;
    readonly name: string;
    readonly reason: string;
    readonly message?: Message;
  };
}

export interface RawWord extends WordMeaning {
  readonly word: string;
  /** The name that the plant gives to the number. */
  readonly name?: string;
  /** What its name seems to mean, where nobody gave it a meaning. */
  readonly proposed?: WordMeaning;
  readonly count: number;
  readonly seconds: number;
  readonly last: Instant;
  readonly by: "mapping" | "standard" | "nothing";
  readonly readAs: readonly { readonly state: string; readonly seconds: number }[];
}

export interface StationReading {
  readonly station: string;
  readonly label: string;
  readonly from: Instant;
  readonly to: Instant;
  /** The signal whose words are mapped; null: the station tells no state. */
  readonly signal: RecordId | null;
  /** Those with a role at the station, as they are declared. */
  readonly signals: readonly DeclaredSignal[];
  readonly mayAdminister: boolean;
  readonly versions: readonly ReadingVersion[];
  readonly mayEdit: boolean;
  readonly words: readonly RawWord[];
  /** Numbers that the plant names and that did not occur in the span. */
  readonly unseen: readonly RawWord[];
  /** Words beyond the longest five hundred. */
  readonly more: number;
  /** The record holds more than is looked through. */
  readonly cut: boolean;
}

export interface MappingEdit {
  readonly from?: Instant;
  readonly words?: Readonly<Record<string, WordMeaning | null>>;
  readonly blockedBit?: boolean;
  readonly starvedBit?: boolean;
  readonly neighbours?: boolean;
}

export interface MappingEffect {
  readonly from: Instant;
  readonly to: Instant;
  readonly states: readonly { readonly state: string; readonly beforeS: number; readonly afterS: number }[];
  readonly shifts: readonly {
    readonly id: string;
    readonly day: string;
    readonly name: string;
    readonly availability?: { readonly before: number; readonly after: number };
    readonly oee?: { readonly before: number; readonly after: number };
  }[];
}

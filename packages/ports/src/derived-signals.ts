import type { Instant, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** What a signal that the server derives itself has as its value now: a state or an alarm, by its code. */
export interface DerivedValue {
  readonly signal: RecordId;
  readonly value: number;
  readonly since: Instant;
}

/** Signals that a fold derives. They have steps only, and may have none for weeks. */
export interface DerivedSignals {
  /** The value of each as it stands, also where no step of it was ever kept. */
  current(): Promise<readonly DerivedValue[]>;
}

export const derivedSignals = port<DerivedSignals>("flow.derivedSignals", 1);

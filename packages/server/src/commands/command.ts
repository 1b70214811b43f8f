import type { CallInput } from "@doppelwerk/connectors/command";
import type { Instant, RecordId } from "@doppelwerk/world";

export type CommandValue = number | boolean | string;

/**
 * `requested` waits for its confirmation; `writing` is on its way. `done`: written and read back. `differs`: written, and what was read back is another
 * value or none. `refused`: the plant said no. `failed`: nothing was sent. `unknown`: nobody knows whether it was written.
 */
export type CommandState = "requested" | "writing" | "done" | "differs" | "refused" | "failed" | "unknown" | "expired" | "withdrawn";

/** `method` is an address, or what is done to the condition at `object`. */
export interface MethodCall {
  readonly object: string;
  readonly method: string | "acknowledge" | "confirm";
  readonly inputs: readonly CallInput[];
}

/** A wish to write one value to a machine, and what became of it. */
export interface Command {
  readonly id: string;
  /** Absent for a call. */
  readonly signal?: RecordId;
  /** A method that is called instead of a value that is written: `value` is then its inputs as a JSON text, `after` its outputs. */
  readonly call?: MethodCall;
  readonly name: string;
  readonly unit?: string;
  readonly connection: RecordId;
  /** Where it is written, as it stood when it was asked for; another address by then is another command. */
  readonly address: string;
  readonly value: CommandValue;
  readonly reason: string;
  readonly state: CommandState;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  readonly confirmedBy?: string;
  readonly confirmedAt?: Instant;
  readonly endedAt?: Instant;
  /** Read from the plant before and after writing. */
  readonly before?: CommandValue;
  readonly after?: CommandValue;
  /** Why it did not go as asked. */
  readonly why?: string;
}

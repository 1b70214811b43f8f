import type { Instant, RecordId } from "@doppelwerk/world";

export type CommandValue = number | boolean | string;

/**
 * `requested` waits for its confirmation; `writing` is on its way. `done`: written and read back. `differs`: written, and what was read back is another
 * value or none. `refused`: the plant said no. `failed`: nothing was sent. `unknown`: nobody knows whether it was written.
 */
export type CommandState = "requested" | "writing" | "done" | "differs" | "refused" | "failed" | "unknown" | "expired" | "withdrawn";

/** A wish to write one value to a machine, and what became of it. */
export interface Command {
  readonly id: string;
  readonly signal: RecordId;
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

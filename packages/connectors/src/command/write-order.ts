import type { ConnectionRecord, SignalRecord } from "@doppelwerk/world";

export type CommandValue = number | boolean | string;

/** One value for one signal, in the unit of the signal. */
export interface WriteOrder {
  readonly connection: ConnectionRecord;
  readonly signal: SignalRecord;
  readonly value: CommandValue;
  /** Folder of the connectors: secrets and certificates. */
  readonly dataDir: string;
  /** How long a value may take to be read back. */
  readonly settleMs: number;
}

/**
 * What became of an order.
 * `failed`: nothing was sent. `refused`: the plant answered no. `written`: it answered yes, and `after` is what was read then (absent = nothing could be
 * read). `unknown`: it was sent, and no answer came.
 */
export type Written =
  | { readonly kind: "failed" | "refused" | "unknown"; readonly why: string; readonly before?: CommandValue }
  | { readonly kind: "written"; readonly before?: CommandValue; readonly after?: CommandValue; readonly equal: boolean };

/** A driver writes and reads back. It throws only where nothing was sent. */
export type CommandDriver = (order: WriteOrder) => Promise<Written>;

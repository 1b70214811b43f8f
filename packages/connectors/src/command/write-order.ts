import type { Message } from "@doppelwerk/messages";
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

/** One input of a call: a scalar, or a list of scalars where the method takes a list. */
export type CallInput = CommandValue | readonly CommandValue[];

/**
 * A method of the plant to be called on an object; `acknowledge` and `confirm` are those of a condition, whose newest event the driver finds by itself
 * (OPC UA Part 9, 5.7.3 and 5.7.4), `object` then being the condition's address and the inputs a comment and, where an earlier state is answered, its
 * event in hexadecimal. `comment`, `shelve` (seconds), `shelveOnce` and `unshelve` are done to it in the same way.
 */
export interface CallOrder {
  readonly connection: ConnectionRecord;
  readonly call: {
    readonly object: string;
    readonly method: string;
    readonly inputs: readonly CallInput[];
  };
  readonly dataDir: string;
  readonly settleMs: number;
}

/** What became of a call. `outputs` as the server gave them; `unknown`: it was sent, and no answer came. */
export type Called =
  | { readonly kind: "failed" | "refused" | "unknown"; readonly why: Message }
  | { readonly kind: "called"; readonly outputs: readonly (CallInput | null)[] };

export type Order = WriteOrder | CallOrder;

/**
 * What became of an order.
 * `failed`: nothing was sent. `refused`: the plant answered no. `written`: it answered yes, and `after` is what was read then (absent = nothing could be
 * read). `unknown`: it was sent, and no answer came.
 */
export type Written =
  | { readonly kind: "failed" | "refused" | "unknown"; readonly why: Message; readonly before?: CommandValue }
  | { readonly kind: "written"; readonly before?: CommandValue; readonly after?: CommandValue; readonly equal: boolean };

/** A driver writes and reads back. It throws only where nothing was sent. */
export type CommandDriver = (order: WriteOrder) => Promise<Written>;

import type { ConnectionStatus } from "@doppelwerk/sync";
import type { Instant, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A value that is brought to a connection; null = nothing is known from this time on. */
export interface BroughtValue {
  readonly address: string;
  readonly value: number | boolean | string | null;
  readonly time?: Instant;
}

/** The connections of a world to its plants. */
export interface Connections {
  /** Every connection with its state now. */
  list(): Promise<readonly ConnectionStatus[]>;
  /** Brings values to a connection that takes them; on disk when it resolves. Errors: DW_NOT_FOUND where it is not open, DW_UNAVAILABLE where the disk refuses. */
  bring(
    connection: RecordId,
    values: readonly BroughtValue[],
  ): Promise<{ readonly accepted: number; readonly refused: readonly { readonly address: string; readonly why: string }[] }>;
}

export const connections = port<Connections>("connections.list", 1);

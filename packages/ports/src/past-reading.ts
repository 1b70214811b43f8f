import type { Instant, RecordId } from "@doppelwerk/world";
import { port } from "./token.ts";

/** How far the past is known: archives read, then what they say derived. */
export interface PastState {
  /** 0 to 1; never falls until all is done, and is 1 then. */
  readonly progress: number;
  /** Samples read from archives since the last time all was done. */
  readonly samples: number;
  readonly done: boolean;
  /**
   * While the past is read for the first time since this server listens: since when it listens. What began before that is not known to last, or to be over.
   * Absent once it was read up to the present, also while late samples are derived again.
   */
  readonly unknownBefore?: Instant;
}

/** How far the archive of a connection is read. */
export interface ArchiveProgress {
  readonly done: number;
  readonly total: number;
  readonly samples: number;
  readonly finished: boolean;
  /** It fills the end of the record, which people look at: derived before what is far back. */
  readonly urgent: boolean;
}

/** Reading what plants keep of their past. */
export interface PastReading {
  state(): Promise<PastState>;
  /** What the archive of a connection says of its being read. Reports of a connection count in the order of their calls. */
  report(connection: RecordId, progress: ArchiveProgress): Promise<void>;
  /** The connection was closed or broke off: nothing more comes of its archive for now. */
  abandon(connection: RecordId): Promise<void>;
  /** Calls back whenever the state changed; returns how to stop. */
  follow(listener: (state: PastState) => void): () => void;
}

export const pastReading = port<PastReading>("flow.pastReading", 1);

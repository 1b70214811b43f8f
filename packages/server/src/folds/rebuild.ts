import type { FoldRun, Instant, RecordId, SampleBatch } from "@doppelwerk/world";
import type { PlainFault, Recorded } from "./fold-worker.ts";
import type { HostedInstance } from "./hosted-instance.ts";

/** Something that was recorded for one instance. */
export interface Act extends Recorded {
  readonly fold: string;
  readonly subject: RecordId;
}

/** A derivation that is under way. */
export interface Rebuild {
  readonly from: Instant;
  /** The instances that are derived, by `keyOf`; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** What came in while the past was derived. */
  readonly batches: SampleBatch[];
}

/** A past that was derived. */
export interface Derived {
  readonly members: readonly HostedInstance[];
  readonly only: ReadonlySet<string> | undefined;
  readonly end: Instant;
  /** No archive is read any more. */
  readonly whole: boolean;
  readonly stopped: readonly PlainFault[];
}

/** The live run and the instances that it is of. */
export interface Live {
  readonly members: readonly HostedInstance[];
  readonly run: FoldRun;
}

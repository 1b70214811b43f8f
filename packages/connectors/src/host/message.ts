import type { Message } from "@doppelwerk/messages";
import type { ConnectionRecord, Instant, SampleBatch, SignalRecord, SourceNotice } from "@doppelwerk/world";
import type { BrowseResult, PresentValue } from "@doppelwerk/world";
import type { ConnectionTarget } from "./connector.ts";
import type { SourceTiming } from "./source-timing.ts";

/** What the server's process says to the connectors' process. `id` names one opened connection, `request` one question. */
export type ToHost =
  | {
      readonly kind: "open";
      readonly id: number;
      readonly connection: ConnectionRecord;
      readonly signals: readonly SignalRecord[];
      readonly dataDir: string;
      readonly backfillFrom?: Instant | Float64Array;
      readonly lastTimes?: Float64Array;
      readonly timing: SourceTiming;
    }
  | { readonly kind: "close"; readonly id: number }
  /** The batches up to `sequence` were taken. */
  | { readonly kind: "taken"; readonly id: number; readonly sequence: number }
  | { readonly kind: "backfill"; readonly id: number; readonly request: number; readonly from: Instant; readonly to: Instant }
  | {
      readonly kind: "browse";
      readonly request: number;
      readonly target: ConnectionTarget;
      readonly dataDir: string;
      readonly listenS?: number;
    }
  | {
      readonly kind: "look";
      readonly request: number;
      readonly target: ConnectionTarget;
      readonly addresses: readonly string[];
      readonly dataDir: string;
    }
  | { readonly kind: "shutdown" };

export type Answer =
  | { readonly browse: BrowseResult }
  | { readonly samples: number }
  /** Absent where the protocol cannot be asked. */
  | { readonly values: readonly (PresentValue | undefined)[] | undefined };

/** And back. Columns travel as buffers (advanced serialisation). */
export type FromHost =
  | { readonly kind: "batch"; readonly id: number; readonly sequence: number; readonly batch: SampleBatch }
  | { readonly kind: "notice"; readonly id: number; readonly notice: SourceNotice }
  | { readonly kind: "closed"; readonly id: number }
  | { readonly kind: "answer"; readonly request: number; readonly answer: Answer }
  | { readonly kind: "refusal"; readonly request: number; readonly reason: Message };

import type { Message } from "@doppelwerk/messages";
import type { ConditionNotice } from "./condition-notice.ts";
import type { SampleBatch } from "./sample.ts";
import type { Instant } from "../instant.ts";

export type ConnectionState = "connecting" | "connected" | "reconnecting" | "failed" | "closed";

/** What a source says beside samples; shown on the connection page, counted, never swallowed. */
export type SourceNotice =
  | { readonly kind: "state"; readonly state: ConnectionState; readonly since: Instant; readonly reason?: Message }
  | { readonly kind: "dropped"; readonly count: number; readonly why: Message }
  /** How far reading the plant's archive is: signals done of those asked, `urgent` when states, counts and events are all there. */
  | {
      readonly kind: "backfill";
      readonly done: number;
      readonly total: number;
      readonly urgent: boolean;
      readonly samples: number;
      readonly finished: boolean;
    }
  /** `offsetS` > 0: the source is ahead. Samples with a server time from `at` on have source time = raw time − offsetS; absent = from now on. */
  | { readonly kind: "clockOffset"; readonly source: string; readonly offsetS: number; readonly at?: Instant }
  | { readonly kind: "finding"; readonly message: Message; readonly address?: string }
  /** In the order in which the plant said them. */
  | { readonly kind: "conditions"; readonly events: readonly ConditionNotice[] };

/** Live, replayed and simulated values enter through this one interface and differ only in `origin`. */
export interface SampleSource {
  readonly name: string;
  start(listener: SourceListener): Promise<void>;
  close(): Promise<void>;
}

/** Resolving the promise is the back-pressure: a source awaits it before it sends more history. */
export interface SourceListener {
  batch(batch: SampleBatch): Promise<void> | void;
  notice(notice: SourceNotice): void;
}

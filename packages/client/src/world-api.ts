import type { ConnectionStatus } from "@doppelwerk/sync";
import type { Instant } from "@doppelwerk/world";
import type { Text } from "./api.ts";

export interface WorldInfo {
  readonly world: string;
  readonly title: Text;
  /** Names from the enterprise down to the line, or to what holds all of them where there are several. */
  readonly path: readonly Text[];
  /** Production lines of live, in their order; of each the names from the enterprise down to it. */
  readonly lines: readonly { readonly id: string; readonly title: Text; readonly path: readonly Text[]; readonly timeZone: string }[];
  readonly version: string;
  readonly now: Instant;
  readonly revision: number;
  readonly empty: boolean;
  /** Whether live has a production line. */
  readonly line: boolean;
  /** Whether there is a snapshot of live to be asked for: of the line, or of the conditions of plants without one. */
  readonly snapshot: boolean;
  readonly demo: boolean;
  readonly historyFrom: Instant | undefined;
  readonly backfill: { readonly progress: number; readonly samples: number; readonly done: boolean; readonly unknownBefore?: number };
  /** Whether what comes is kept, and what of the record is damaged. */
  readonly history: {
    /** Present while the historian takes no samples. */
    readonly refusedSince?: Instant;
    readonly diskFull?: boolean;
    /** Samples not kept since the server started. */
    readonly unwritten: number;
    readonly damagedFiles: number;
    readonly missingSamples: number;
  };
  readonly connections: readonly ConnectionStatus[];
  readonly timeZone: string;
}

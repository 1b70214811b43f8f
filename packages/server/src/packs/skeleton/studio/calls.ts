import { operation } from "@doppelwerk/kit/studio";

export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly litres: number;
  readonly levelSignal?: string;
  /** What the fold concludes of it. */
  readonly drawnSignal?: string;
}

export const listBatches = operation<readonly Batch[]>("GET /packs/brewery/batches");
export const addBatch = operation<{ readonly id: string }>("POST /packs/brewery/batches");

/** The list is loaded again when a batch was added, in this window or another one. */
export const whenAdded = { topics: { "brewery.added": () => true } } as const;

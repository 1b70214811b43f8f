import type { FeatureContext, LiveTable } from "@doppelwerk/kit/server";
import type { RecordId, Sample, SignalRecord, WantedSignal } from "@doppelwerk/world";

/** The signals of live, as the feature itself may read them. */
export interface LineSignals {
  readonly table: LiveTable;
  record(id: RecordId): SignalRecord | undefined;
  live(id: RecordId): Sample | undefined;
  /** Unknown ones are left out. */
  wanted(ids: readonly RecordId[]): readonly WantedSignal[];
}

export function lineSignals({ own, table }: Pick<FeatureContext, "own" | "table">): LineSignals {
  return { table, record: (id) => own.signal(id), live: (id) => own.live(id), wanted: (ids) => own.rows(ids) };
}

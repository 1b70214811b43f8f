import type { SignalRecord } from "@doppelwerk/world";

/** The template of IDTA 02008-1-1, below `../shared/data`. */
export const TEMPLATE = "aas/templates/IDTA_02008-1-1-1_Template_withOperations_TimeSeriesData.json";
export const START = 1_790_000_000_000_000;
export const SHELL = "urn:test:press";

/** A signal of the press. */
export const signal = (id: string, more: Partial<SignalRecord>): SignalRecord => ({
  id: `signal:${id}`,
  kind: "signal",
  name: id,
  valueType: "double",
  shell: SHELL,
  ...more,
});

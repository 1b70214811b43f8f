import type { OeeResult, ShiftResult } from "../kpis/kpi-result.ts";
import type { KpiEngine } from "../kpis/kpi-engine.ts";
import type { FlowReadings } from "./line-core.ts";

/** What is asked of a line as it stands: its flow, and its key figures where they are folded with it. */
export interface LineReadings extends FlowReadings {
  /** In order of time; none where key figures are not folded. */
  shiftIds(): readonly string[];
  /** The shift, or the running one; undefined outside of shifts. */
  shift(id?: string): ShiftResult | undefined;
  oee(station: string, id?: string): OeeResult | undefined;
}

export type KpiReadings = Pick<KpiEngine, "shiftIds" | "shift" | "oee">;

/** A flow with key figures that were folded to the same instant. */
export function lineReadings(flow: FlowReadings, kpis: KpiReadings | undefined): LineReadings {
  const running = () => flow.calendar.shiftAt(flow.now())?.id;
  return {
    ...flow,
    shiftIds: () => kpis?.shiftIds() ?? [],
    shift: (id = running()) => (id === undefined ? undefined : kpis?.shift(id, flow.now(), flow.openIntervals())),
    oee: (station, id = running()) => (id === undefined ? undefined : kpis?.oee(id, station, flow.now(), flow.openIntervals())),
  };
}

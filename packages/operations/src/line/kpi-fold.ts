import type { Fold, FoldInput, FoldInstance, Folding } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import { kpiDefinition, type KpiDefinition } from "../kpis/kpi-definition.ts";
import { createKpiEngine, type KpiEngineState } from "../kpis/kpi-engine.ts";
import { createShiftCalendar } from "../shifts/shift-calendar.ts";
import { zoneOffsetOf } from "../shifts/zone-offset.ts";
import type { FlowOutput } from "./flow-fold.ts";
import type { KpiReadings } from "./line-readings.ts";

export type KpiFolding = Folding<KpiEngineState, never, never> & KpiReadings;

/** Key figures by shift, hour and product (ISO 22400-2), from the states, parts and counts of a flow and its shift calendar. They are asked, not kept. */
export const kpiFold: Fold<KpiDefinition, KpiEngineState, never> = {
  id: "kpis",
  // 2: a reworked part that is rejected again is not good there [O44]; shifts concluded by version 1 are derived again
  version: 2,
  state: { version: 1, maxBytes: 64 << 20 },
  needs: ["flow@1"],
  partial: "conclude",
  open: openKpis,
};

function openKpis(definition: KpiDefinition, _emit: unknown, state?: KpiEngineState): KpiFolding {
  const calendar = createShiftCalendar(definition.shifts, zoneOffsetOf(definition.timeZone));
  const engine = createKpiEngine(definition, calendar);
  if (state) engine.restore(state);
  return {
    take: () => {},
    takeEvent(_input, event, { from }) {
      const output = event as FlowOutput;
      if (output.type === "interval") engine.interval(output.interval);
      else if (output.type === "part") engine.part(output.part);
      else if (output.type === "counted") {
        const { station, role, delta, product, acrossGap } = output.counted;
        engine.count(station, role, delta, product, acrossGap, from);
      }
    },
    due: () => engine.due(),
    fire: (at) => engine.fire(at),
    snapshot: () => engine.snapshot(),
    shiftIds: () => engine.shiftIds(),
    shift: (id, at, open) => engine.shift(id, at, open),
    oee: (id, station, at, open) => engine.oee(id, station, at, open),
  };
}

/** The key figures of a line as the fold has them. */
export function kpiInstance(line: LineDefinition): FoldInstance<KpiDefinition> {
  return { subject: line.id, definition: kpiDefinition(line), inputs: inputsOfKpis(line.id) };
}

function inputsOfKpis(flow: string): readonly FoldInput[] {
  return ["interval", "part", "counted"].map((type) => ({ fold: "flow", subject: flow, type }));
}

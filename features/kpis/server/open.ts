import type { Open } from "@doppelwerk/kit/server";
import { shiftFigures } from "@doppelwerk/ports";
import type { kpis } from "../feature.ts";
import { combined, noShift } from "../model/kpis-of-shifts.ts";

/** Key figures of any span (ISO 22400-2). */
export const open: Open<typeof kpis> = async (ctx) => {
  const shifts = ctx.use(shiftFigures);
  return {
    handlers: {
      "kpis.ofPeriod": async ({ query: { from, to } }) => {
        const line = await shifts.within(from, to, to);
        const [first, ...more] = line?.shifts ?? [];
        if (line === undefined || first === undefined) return noShift(from, to, line?.constraint ?? "");
        return more.length === 0 ? { ...first, shifts: 1, wip: line.wip } : combined(line, line.shifts);
      },
    },
    ports: {},
    close: async () => {},
  };
};

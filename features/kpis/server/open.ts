import type { Open } from "@doppelwerk/kit/server";
import { kpiFold } from "@doppelwerk/operations";
import { lineFlow, shiftFigures, shippedShiftCalendars } from "@doppelwerk/ports";
import type { BranchId } from "@doppelwerk/world";
import type { kpis } from "../feature.ts";
import { combined, noShift } from "../model/kpis-of-shifts.ts";
import { LiveKpis } from "./live-kpis.ts";
import { listTargets, storeTargets } from "./targets.ts";

/** Key figures of any span (ISO 22400-2), and what they should reach. */
export const open: Open<typeof kpis> = async (ctx) => {
  const shifts = ctx.use(shiftFigures);
  const group = ctx.folds.group("line");
  const fold = new LiveKpis({ group, line: ctx.use(lineFlow), logger: ctx.log });
  const unfollow = group.follow({
    fault({ fold: id, reason }) {
      if (id === kpiFold.id) ctx.degraded(`${id} was stopped: ${reason}`);
    },
  });
  const uncommit = ctx.own.documents.onCommit(({ entry }) => fold.onCommit(entry));
  await fold.open();
  const lines = async (branch: BranchId) => (await ctx.find(shippedShiftCalendars)?.of(branch)) ?? [];
  return {
    handlers: {
      "kpis.ofPeriod": async ({ query: { from, to, line: id } }) => {
        const line = await shifts.within(from, to, to, id);
        const [first, ...more] = line?.shifts ?? [];
        if (line === undefined || first === undefined) return noShift(from, to, line?.constraint ?? "");
        return more.length === 0 ? { ...first, shifts: 1, wip: line.wip } : combined(line, line.shifts);
      },
      "kpis.targets": async ({ view, branch }) => listTargets(view, branch, await lines(branch)),
      "kpis.storeTargets": async ({ view, branch, params, body }) => storeTargets(view, branch, await lines(branch), params.id, body),
    },
    ports: {},
    async close() {
      uncommit();
      unfollow();
      await fold.close();
    },
  };
};

import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Open, PlantView } from "@doppelwerk/kit/server";
import { type LineFlow, lineFlow, listTables, lossAudits, shiftFigures, stopEffects, stopReasons } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { losses } from "../feature.ts";
import type {} from "../message-codes.ts";
import { paretoTile } from "./board-tile.ts";
import { Codings } from "./codings.ts";
import { budgetOf, type GivenReasons } from "../model/losses-of-shifts.ts";
import { auditedLine } from "./audited-line.ts";
import { Pareto } from "./pareto.ts";
import { reasonTable } from "./reason-table.ts";
import { heldReasons, listReasons, removeReason, storeReason } from "./reasons.ts";
import { UsualLosses } from "./usual-losses.ts";
import { stopReasonsOf } from "./stop-reasons.ts";
import { effectsWithin, whatIf } from "./what-if.ts";
import { listStops } from "./list-stops.ts";

/** What was lost and why. */
export const open: Open<typeof losses> = async (ctx) => {
  const flow = ctx.use(lineFlow);
  const codings = new Codings({ now: () => ctx.now(), nameOf: (actor) => ctx.nameOf(actor) });
  const given = (view: PlantView, branch: BranchId, from: Instant, to: Instant): GivenReasons => ({
    codings: codings.within(view, branch, from, to),
    reasons: new Map(heldReasons(view, branch).map((reason) => [reason.code, reason])),
  });
  const usual = new UsualLosses();
  const versionOf = (...of: Parameters<Codings["within"]>): number => Math.max(0, ...codings.within(...of).map((each) => each.at));
  const pareto = new Pareto({
    flow,
    get figures() {
      return ctx.find(shiftFigures);
    },
    given,
    version: versionOf,
  });
  const budgetOfSpan = async (
    view: PlantView,
    branch: BranchId,
    { from, to, line }: { readonly from: Instant; readonly to: Instant; readonly line?: string | undefined },
  ) =>
    budgetOf(
      from,
      to,
      await ctx.find(shiftFigures)?.within(from, to, to, line),
      (begin, end) => flow.plannedStates(begin, end, line),
      given(view, branch, from, to),
    );
  return {
    handlers: {
      "losses.usual": async ({ view, branch, query: { at, line } }) => {
        const shifts = ctx.find(shiftFigures);
        if (shifts === undefined) return { shifts: 0, rows: [] };
        return usual.of(at, line, shifts, {
          budget: async ({ from, to }) => budgetOfSpan(view, branch, { from, to, line }),
          version: ({ from, to }) => `${branch} ${versionOf(view, branch, from, to)}`,
        });
      },
      "losses.budget": ({ view, branch, query }) => budgetOfSpan(view, branch, query),
      "losses.pareto": ({ view, branch, query }) => pareto.of(view, branch, query),
      "losses.effects": async ({ view, query }) => effectsWithin(view, query),
      "losses.whatIf": ({ view, body }) =>
        whatIf(view, body, { flow, figures: ctx.find(shiftFigures), effects: ctx.find(stopEffects), now: () => ctx.now() }),
      "losses.reasons": async ({ view, branch }) => listReasons(view, branch),
      "losses.storeReason": ({ view, branch, params, body }) => storeReason(view, branch, params.code, body),
      "losses.removeReason": ({ view, branch, params }) => removeReason(view, branch, params.code),
      "losses.stops": ({ view, branch, query }) => listStops({ flow, codings, now: ctx.now() }, view, branch, query),
      "losses.code": async ({ view, branch, body: { line, ...request } }) => {
        const { shell } = await stationOf(flow, branch, line, request.station);
        return codings.store(view, branch, { ...request, shell });
      },
      "losses.history": async ({ view, branch, params }) => codings.history(view, branch, params.id),
    },
    contributed: [
      { key: listTables.key, value: reasonTable((principal) => ctx.view(principal)) },
      paretoTile({ flow, now: () => ctx.now(), view: (asking) => ctx.view(asking), budget: budgetOfSpan }),
    ],
    ports: {
      [stopReasons.key]: stopReasonsOf({ flow, codings, now: () => ctx.now(), view: (asking) => ctx.view(asking) }),
      [lossAudits.key]: {
        of: (question) =>
          auditedLine(question, ctx.find(shiftFigures), flow, (from, to) => given(ctx.view(question.principal), LIVE, from, to)),
      },
    },
    close: async () => {},
  };
};

/** Errors: DW_NOT_FOUND. */
async function stationOf(flow: LineFlow, branch: BranchId, line: string | undefined, asked: string) {
  const { lines } = await flow.lines(branch);
  const own = lines.flatMap(({ id, stations }) => (line === undefined || id === line ? stations : []));
  const station = own.find(({ id }) => id === asked);
  if (station === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noStation", { station: asked }));
  return station;
}

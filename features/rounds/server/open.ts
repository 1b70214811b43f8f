import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, Open, PlantView } from "@doppelwerk/kit/server";
import { identifications, listTables, shiftFold, workOrders, type OpenWorkOrder } from "@doppelwerk/ports";
import { LIVE, type BranchId } from "@doppelwerk/world";
import { changed } from "../contract.ts";
import type { rounds } from "../feature.ts";
import type {} from "../message-codes.ts";
import { isBeyond, walksOf } from "../model/walks.ts";
import { Entries } from "./entries.ts";
import { pictureType, storePhoto } from "./photos.ts";
import { roundTable } from "./round-table.ts";
import { requireRound, storeRound } from "./rounds.ts";
import { ShownRounds } from "./shown-rounds.ts";

type Ctx = FeatureContext<typeof rounds>;
type Handlers = HandlersOf<(typeof rounds)["contract"]>;

/** Inspection rounds: where people walk, what they answer there, and what is due. */
export const open: Open<typeof rounds> = async (ctx) => {
  const entries = new Entries({ own: ctx.own, now: () => ctx.now(), codes: () => ctx.find(identifications) });
  const shown = new ShownRounds({
    entries,
    now: () => ctx.now(),
    nameOf: (actor) => ctx.nameOf(actor),
    shifts: () => ctx.find(shiftFold),
  });
  return {
    handlers: { ...roundHandlers(ctx, shown), ...walkHandlers(ctx, entries), ...photoHandlers(ctx, entries) },
    ports: {},
    contributed: [{ key: listTables.key, value: roundTable((principal) => ctx.view(principal)) }],
    close: () => entries.idle(),
  };
};

function roundHandlers(ctx: Ctx, shown: ShownRounds) {
  return {
    "rounds.list": async ({ view, branch, query: { t } }) => ({
      ...(await shown.list(view, branch, t)),
      hasWorkOrders: ctx.find(workOrders) !== undefined,
    }),
    "rounds.store": async ({ view, branch, params, body }) => {
      await storeRound(view, branch, params.round, body);
      return shown.one(view, branch, requireRound(view, branch, params.round));
    },
    "rounds.walks": async ({ view, branch, params, query }) => {
      const fields = requireRound(view, branch, params.round, query.t);
      return shown.walks(view, branch, fields, query, await ordersOf(ctx, view, branch));
    },
    "rounds.trend": async ({ view, branch, params: { round, point, check }, query: { t } }) => {
      const found = await shown.trend(branch, requireRound(view, branch, round, t), point, check, t);
      if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("rounds.noCheck", { check: check.slice(0, 60) }));
      return found;
    },
  } satisfies Partial<Handlers>;
}

async function ordersOf(ctx: Ctx, view: PlantView, branch: BranchId): Promise<readonly OpenWorkOrder[]> {
  return (await ctx.find(workOrders)?.list(view.principal, branch)) ?? [];
}

function walkHandlers(ctx: Ctx, entries: Entries) {
  return {
    "rounds.record": async ({ view, params, body }) => {
      const result = await entries.record(view, requireRound(view, LIVE, params.round), body.deviceNow, body.entries);
      if (result.taken > 0) ctx.publish(changed, { at: ctx.now() });
      return result as { taken: number; known: number; refused: { entry: string; reason: never }[] };
    },
    "rounds.openWorkOrder": async ({ view, principal, params, body }) => {
      const port = ctx.find(workOrders);
      if (port === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("rounds.noWorkOrders"));
      const round = requireRound(view, LIVE, params.round);
      const point = round.points.find(({ id }) => id === body.point);
      const check = point?.checks.find(({ id }) => id === body.check);
      const walk = walksOf(await entries.facts(LIVE, round.code)).find((each) => each.walk === body.walk);
      const answer = walk?.points.get(body.point);
      const value = answer?.answers[body.check];
      if (point === undefined || check === undefined || answer === undefined || value === undefined)
        throw new DoppelwerkError("DW_NOT_FOUND", message("rounds.noCheck", { check: body.check }));
      if (point.shell === undefined || isBeyond(check, value) !== true)
        throw new DoppelwerkError("DW_CONFLICT", message("rounds.noReason"));
      const opened = await port.open(principal, LIVE, {
        title: { en: `${point.title.en}: ${check.title.en}`, zh: `${point.title.zh}：${check.title.zh}` },
        shell: point.shell,
        ...(point.station !== undefined && { station: point.station }),
        priority: 3,
        text: [`${String(value)} ${check.unit ?? ""}`.trim(), answer.note].filter(Boolean).join(" – "),
        source: { kind: "round", id: round.code, at: answer.at },
        key: `round ${body.walk} ${body.point} ${body.check}`,
      });
      ctx.publish(changed, { at: ctx.now() });
      return { id: opened.id, isNew: opened.isNew };
    },
  } satisfies Partial<Handlers>;
}

function photoHandlers(ctx: Ctx, entries: Entries) {
  const noPhoto = (): DoppelwerkError => new DoppelwerkError("DW_NOT_FOUND", message("rounds.noPhoto"));
  return {
    "rounds.addPhoto": async ({ view, params, body }) => {
      requireRound(view, LIVE, params.round);
      return { photo: await storePhoto(ctx.blobs, await body.bytes()) };
    },
    "rounds.photo": async ({ view, params }) => {
      const round = requireRound(view, LIVE, params.round);
      // of a round only what was answered on it: the hash of another file is none of its photos
      const isOfRound = (await entries.facts(LIVE, round.code)).some(
        (fact) => fact.kind === "answered" && Object.values(fact.answers).includes(params.photo),
      );
      const found = isOfRound ? await ctx.blobs.get(params.photo) : undefined;
      const type = found && pictureType(found.bytes);
      if (found === undefined || type === undefined) throw noPhoto();
      return { body: found.bytes, type };
    },
  } satisfies Partial<Handlers>;
}

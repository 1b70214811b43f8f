import { documentChange, DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, Open } from "@doppelwerk/kit/server";
import {
  knownPeople,
  listTables,
  spareParts,
  type PartMoved,
  type PartRequest,
  type SparePartStock,
  type SpareParts,
} from "@doppelwerk/ports";
import type { BranchId, Principal } from "@doppelwerk/world";
import { changed, type KnownPart } from "../contract.ts";
import type { stores } from "../feature.ts";
import type {} from "../message-codes.ts";
import type { MovementKind } from "../model/movement.ts";
import { STOCK_NOTICE, stockNotice } from "../model/notice-kind.ts";
import { Acts } from "./acts.ts";
import { Ledger } from "./ledger.ts";
import { partTable } from "./part-table.ts";
import { storePart } from "./parts.ts";
import { ShownParts } from "./shown-parts.ts";
import { removeSource, requireSource, storeSource } from "./sources/source-store.ts";
import { Sources } from "./sources/sources.ts";
import { calendarsOf, noticeFields, StockWatch } from "./stock-watch.ts";

type Ctx = FeatureContext<typeof stores>;
type Handlers = HandlersOf<(typeof stores)["contract"]>;

const LOOK_EVERY_MS = 5_000;

interface Opened {
  readonly ctx: Ctx;
  readonly acts: Acts;
  readonly shown: ShownParts;
  readonly sources: Sources;
  readonly watch: StockWatch;
  tell(): void;
}

/** Spare parts, what happened to them, and what that leaves in stock. */
export const open: Open<typeof stores> = async (ctx) => {
  const ledger = new Ledger(ctx.own);
  const acts = new Acts(ledger, () => ctx.now());
  const tell = (): void => ctx.publish(changed, { at: ctx.now() });
  const sources = new Sources(ctx, ledger, tell);
  const shown = new ShownParts({
    ledger,
    now: () => ctx.now(),
    nameOf: (actor) => ctx.nameOf(actor),
    sourceName: (id) => sources.nameOf(id),
    reported: (part) => sources.reported(part),
  });
  const watch = new StockWatch(ctx, shown);
  const timer = setInterval(() => void watch.look(), LOOK_EVERY_MS).unref();
  const opened: Opened = { ctx, acts, shown, sources, watch, tell };
  return {
    handlers: { ...partHandlers(opened), ...sourceHandlers(opened) },
    ports: { [spareParts.key]: partsForWork(opened) },
    contributed: [{ key: listTables.key, value: partTable((principal) => ctx.view(principal)) }],
    async close() {
      clearInterval(timer);
      await sources.close();
      await acts.idle();
      await watch.idle();
    },
  };
};

function partHandlers({ ctx, acts, shown, watch, tell }: Opened) {
  return {
    "stores.parts": ({ view, branch, query: { t } }) => shown.list(view, branch, t),
    "stores.movements": ({ view, branch, params, query }) => shown.history(view, branch, params.part, query),
    "stores.storePart": async ({ view, branch, params, body }) => {
      await storePart(view, branch, params.part, body);
      return shown.one(view, branch, params.part);
    },
    "stores.move": async ({ view, branch, params, body }) => {
      const isNew = await acts.move(view, branch, params.part, body);
      if (isNew) {
        tell();
        void watch.look();
      }
      return { isNew, part: await shown.one(view, branch, params.part) };
    },
    "stores.notice": async ({ view, branch }) => ({
      fields: noticeFields(view, branch),
      choices: [
        ...calendarsOf(view, branch).map((each) => ({ ...each, kind: "onCall" as const })),
        ...(ctx.find(knownPeople)?.list() ?? []).map(({ id }) => ({ id, name: ctx.nameOf(id), kind: "person" as const })),
      ],
    }),
    "stores.storeNotice": async ({ view, branch, body: { fields } }) => {
      const before = view.documents.reader(branch).get(STOCK_NOTICE);
      if (before === undefined && view.hides(branch, STOCK_NOTICE)) throw new DoppelwerkError("DW_NOT_FOUND", message("stores.noNotice"));
      const change = documentChange(stockNotice, STOCK_NOTICE, before, fields);
      if (change) await view.documents.apply({ branch, reason: message("stores.log.notice"), changes: [change] });
      return noticeFields(view, branch);
    },
  } satisfies Partial<Handlers>;
}

function sourceHandlers({ ctx, sources }: Opened) {
  const stored = async (id: string) => {
    sources.follow();
    await sources.settled();
    return sources.stateOf(id)!;
  };
  return {
    "stores.sources": async () => sources.states(),
    "stores.addSource": async ({ view, body }) => {
      const id = ctx.ids.next("storesSource");
      if (body.secret !== undefined) sources.secrets.set(id, body.secret);
      await storeSource(view, id, body.fields);
      return stored(id);
    },
    "stores.changeSource": async ({ view, params, body }) => {
      requireSource(view, params.source);
      if (body.secret !== undefined) sources.secrets.set(params.source, body.secret);
      await storeSource(view, params.source, body.fields);
      return stored(params.source);
    },
    "stores.removeSource": async ({ view, params }) => {
      await removeSource(view, params.source);
      sources.follow();
      await sources.forget(params.source);
    },
  } satisfies Partial<Handlers>;
}

/** For work orders: what is there, and what is kept, taken and given back for one. */
function partsForWork({ ctx, acts, shown, watch, tell }: Opened): SpareParts {
  const act =
    (kind: MovementKind) =>
    async (principal: Principal, branch: BranchId, { part, note, ...request }: PartRequest): Promise<PartMoved> => {
      const view = ctx.view(principal);
      const isNew = await acts.move(view, branch, part, { ...request, kind, reason: note });
      if (isNew) {
        tell();
        void watch.look();
      }
      return { isNew, stock: stockFor(await shown.one(view, branch, part)) };
    };
  return {
    async list(principal, branch, asset) {
      const { parts } = await shown.list(ctx.view(principal), branch);
      return parts
        .filter(({ fields: { fits } }) => asset === undefined || fits.includes(asset))
        .toSorted((a, b) => (a.part < b.part ? -1 : 1))
        .map(stockFor);
    },
    reserve: act("reserved"),
    release: act("released"),
    take: act("taken"),
    giveBack: act("returned"),
  };
}

function stockFor({ part, fields: { title, unit, place, minimum, fits }, onHand, reserved }: KnownPart): SparePartStock {
  return { part, title, unit, ...(place !== undefined && { place }), onHand, reserved, minimum, fits };
}

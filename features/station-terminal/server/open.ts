import { DoppelwerkError, message, parse, textsOf, z } from "@doppelwerk/kit";
import type { FeatureContext, HandlersOf, Open } from "@doppelwerk/kit/server";
import { lineFlow, listTables, signOns } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { stationTerminal } from "../feature.ts";
import type {} from "../message-codes.ts";
import { TERMINAL_EVENTS } from "../model/event-kinds.ts";
import { pdfLabel, zplLabel, type LabelFields } from "../model/label.ts";
import { Badges } from "./badges.ts";
import { heldDefects, removeDefect, storeDefect } from "./defect-codes.ts";
import { defectTable } from "./defect-table.ts";
import { EntryBook } from "./entry-book.ts";
import { firstPieceOf } from "./first-pieces.ts";
import { heldInstructions, pictureFile, removeInstruction, setPicture, storeInstruction } from "./instructions.ts";
import { LifeCounts, removeLife, storeLife } from "./life-items.ts";
import { lifeTable } from "./life-table.ts";
import { pictureOf, type PictureParts } from "./picture.ts";
import { SignOnBook } from "./sign-on-book.ts";
import { knownStations, requireStation, shownStation } from "./stations.ts";

type Ctx = FeatureContext<typeof stationTerminal>;
type Handlers = HandlersOf<(typeof stationTerminal)["contract"]>;

/** What people do at stations. */
export const open: Open<typeof stationTerminal> = async (ctx) => {
  const badges = new Badges({ store: ctx.store, own: ctx.own, newId: (kind) => ctx.ids.next(kind) });
  await badges.open();
  const nameOf = (person: string) => badges.nameOf(person) ?? ctx.nameOf(person);
  const book = new SignOnBook(ctx, nameOf);
  const lives = new LifeCounts(ctx);
  const entries = new EntryBook(ctx, badges, lives);
  const parts: PictureParts = { book, lives, nameOf };
  return {
    handlers: { ...stationHandlers(ctx, parts, entries), ...badgeHandlers(badges), ...documentHandlers(ctx, lives) },
    contributed: [
      { key: listTables.key, value: defectTable((principal) => ctx.view(principal)) },
      {
        key: listTables.key,
        value: lifeTable(
          (principal) => ctx.view(principal),
          () => ctx.now(),
        ),
      },
    ],
    ports: { [signOns.key]: book },
    close: async () => lives.close(),
  };
};

function stationHandlers(ctx: Ctx, parts: PictureParts, entries: EntryBook) {
  return {
    "stationTerminal.stations": async ({ view }) => (await knownStations(ctx.use(lineFlow), view)).map(shownStation),
    "stationTerminal.picture": ({ view, params }) => pictureOf(ctx, parts, view, params.station),
    "stationTerminal.enter": ({ view, body }) => entries.take(view, body),
    "stationTerminal.judgeFirstPiece": async ({ view, params, body: { product, order, serial, verdict, note } }) => {
      const place = await requireStation(ctx.use(lineFlow), view, params.station);
      const decision = view.documents.may("approve", LIVE, place.subject);
      if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
      const payload = {
        station: place.station,
        product,
        verdict,
        ...(order !== undefined && { order }),
        ...(serial !== undefined && { serial }),
        ...(note !== undefined && note !== "" && { note }),
      };
      const event = { id: ctx.ids.next("event"), subject: place.subject, type: TERMINAL_EVENTS.firstPiece, at: ctx.now() };
      await ctx.derivations.record([{ ...event, origin: "entered", actor: view.principal.id, payload }]);
      return firstPieceOf(ctx, view, { place, product, order }, parts.nameOf);
    },
  } satisfies Partial<Handlers>;
}

function badgeHandlers(badges: Badges) {
  return {
    "stationTerminal.badges": async ({ view }) => badges.list(view),
    "stationTerminal.storeBadge": ({ view, body }) => badges.store(view, body),
    "stationTerminal.withdrawBadge": ({ view, params }) => badges.withdraw(view, params.badge),
  } satisfies Partial<Handlers>;
}

const stepNumber = z.coerce.number().int().min(0).max(49);

function documentHandlers(ctx: Ctx, lives: LifeCounts) {
  return {
    "stationTerminal.defectCodes": async ({ view, branch }) => heldDefects(view, branch).map((held) => ({ ...held })),
    "stationTerminal.storeDefectCode": ({ view, branch, params, body }) => storeDefect(view, branch, params.code, body.fields),
    "stationTerminal.removeDefectCode": ({ view, branch, params }) => removeDefect(view, branch, params.code),
    "stationTerminal.instructions": async ({ view, branch }) => heldInstructions(view, branch),
    "stationTerminal.storeInstruction": ({ view, branch, body }) => storeInstruction(view, branch, body.fields),
    "stationTerminal.removeInstruction": ({ view, branch, params }) => removeInstruction(view, branch, params.instruction),
    "stationTerminal.setPicture": ({ view, branch, params, body }) =>
      setPicture(ctx.blobs, view, branch, { id: params.instruction, step: parse(stepNumber, params.step, "step"), body }),
    "stationTerminal.stepPicture": ({ view, branch, params }) => pictureFile(ctx.blobs, view, branch, params.instruction, params.picture),
    "stationTerminal.lives": ({ view }) => lives.shown(view),
    "stationTerminal.storeLife": ({ view, branch, params, body: { fields } }) =>
      storeLife(view, branch, params.code, { ...fields, since: fields.since ?? ctx.now() }),
    "stationTerminal.removeLife": ({ view, branch, params }) => removeLife(view, branch, params.code),
    "stationTerminal.label": async ({ params, query: { language, ...label } }) => labelFile(params.format, label, language),
  } satisfies Partial<Handlers>;
}

function labelFile(asked: string, label: LabelFields, language: "en" | "zh") {
  const format = parse(z.enum(["pdf", "zpl"]), asked, "format");
  const titles = {
    serial: textsOf(message("stationTerminal.label.serial"))[language],
    lot: textsOf(message("stationTerminal.label.lot"))[language],
    order: textsOf(message("stationTerminal.label.order"))[language],
  };
  if (format === "pdf") return { body: pdfLabel(label, titles), type: "application/pdf" };
  return { body: new TextEncoder().encode(zplLabel(label, titles)), type: "text/plain; charset=utf-8" };
}

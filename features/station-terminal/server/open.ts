import type { Open } from "@doppelwerk/kit/server";
import { lineFlow, listTables, signOns } from "@doppelwerk/ports";
import type { stationTerminal } from "../feature.ts";
import { Badges } from "./badges.ts";
import { heldDefects, removeDefect, storeDefect } from "./defect-codes.ts";
import { defectTable } from "./defect-table.ts";
import { EntryBook } from "./entry-book.ts";
import { pictureOf } from "./picture.ts";
import { SignOnBook } from "./sign-on-book.ts";
import { knownStations, shownStation } from "./stations.ts";

/** What people do at stations. */
export const open: Open<typeof stationTerminal> = async (ctx) => {
  const badges = new Badges({ store: ctx.store, own: ctx.own, newId: (kind) => ctx.ids.next(kind) });
  await badges.open();
  const book = new SignOnBook(ctx, (person) => badges.nameOf(person) ?? ctx.nameOf(person));
  const entries = new EntryBook(ctx, badges);
  return {
    handlers: {
      "stationTerminal.stations": async ({ view }) => (await knownStations(ctx.use(lineFlow), view)).map(shownStation),
      "stationTerminal.picture": ({ view, params }) => pictureOf(ctx, book, view, params.station),
      "stationTerminal.enter": ({ view, body }) => entries.take(view, body.deviceNow, body.entries),
      "stationTerminal.badges": async ({ view }) => badges.list(view),
      "stationTerminal.storeBadge": ({ view, body }) => badges.store(view, body),
      "stationTerminal.withdrawBadge": ({ view, params }) => badges.withdraw(view, params.badge),
      "stationTerminal.defectCodes": async ({ view, branch }) => heldDefects(view, branch).map((held) => ({ ...held })),
      "stationTerminal.storeDefectCode": ({ view, branch, params, body }) => storeDefect(view, branch, params.code, body.fields),
      "stationTerminal.removeDefectCode": ({ view, branch, params }) => removeDefect(view, branch, params.code),
    },
    contributed: [{ key: listTables.key, value: defectTable((principal) => ctx.view(principal)) }],
    ports: { [signOns.key]: book },
    close: async () => {},
  };
};

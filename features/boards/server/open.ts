import { DoppelwerkError, message, textsOf } from "@doppelwerk/kit";
import type { HandlersOf, Open } from "@doppelwerk/kit/server";
import { boardTiles, lineFlow } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { ShownBoard, ShownTile } from "../contract.ts";
import type { boards } from "../feature.ts";
import type {} from "../message-codes.ts";
import type { BoardFields } from "../model/board-kind.ts";
import { boardCsv } from "../model/board-csv.ts";
import { TEMPLATES } from "../model/templates.ts";
import { BoardMails } from "./board-mails.ts";
import { BoardStore } from "./board-store.ts";
import { momentOf } from "./moment.ts";
import { readBoard } from "./read-board.ts";
import { isReadableShell } from "./readable-shell.ts";
import { knownKinds, readTile } from "./tiles.ts";

type Handlers = HandlersOf<(typeof boards)["contract"]>;

/** Boards that people lay out of tiles that other features bring. */
export const open: Open<typeof boards> = async (ctx) => {
  const store = new BoardStore({
    now: () => ctx.now(),
    newId: (kind) => ctx.ids.next(kind),
    nameOf: (actor) => ctx.nameOf(actor),
    texts: ctx.texts,
  });
  const kinds = () => knownKinds(ctx.contributions(boardTiles).all(), () => ctx.now());
  const boardMails = new BoardMails(ctx, store, kinds);
  boardMails.start();
  return {
    handlers: {
      ...documentHandlers(store),
      "boards.mail": async ({ view, params }) => {
        store.read(view, LIVE, params.id);
        return boardMails.of(view, params.id);
      },
      "boards.setMail": async ({ view, params, body }) => {
        await boardMails.set(view, params.id, body.mail);
        return boardMails.of(view, params.id);
      },
      "boards.kinds": async ({ view }) => ({
        kinds: kinds().map(({ read: _read, fields, ...kind }) => ({
          ...kind,
          fields: fields.map(({ choices, ...field }) => ({ ...field, ...(choices && { choices: [...choices] }) })),
        })),
        templates: TEMPLATES.map(({ id }) => ({
          id,
          title: textsOf(message(`boards.template.${id}`)),
          about: textsOf(message(`boards.templateAbout.${id}`)),
        })),
        lines: ((await ctx.find(lineFlow)?.lines())?.lines ?? [])
          .filter(({ shell }) => isReadableShell(view, LIVE, shell))
          .map(({ shell, title }) => ({ shell, title: { ...title } })),
      }),
      "boards.table": async ({ view, principal, params, body: { branch, at, settings } }) => {
        const moment = momentOf(view, branch, at, ctx.now());
        return readTile(kinds(), params.kind, { principal, settings, ...moment });
      },
      "boards.file": async ({ view, branch, params, query }) => {
        const found = store.read(view, branch, params.id);
        const tiles = found.tiles.filter(({ id }) => query.tile === undefined || query.tile === id);
        if (tiles.length === 0 && query.tile !== undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("boards.noTile"));
        const page = { branch, ...(query.at !== undefined && { at: query.at }) };
        const read = await readBoard({ ...found, tiles }, kinds(), { view, page, now: ctx.now() });
        if (query.format === "csv") return { body: boardCsv(read, query.language), type: "text/csv; charset=utf-8; header=present" };
        const { boardPdf } = await import("../model/board-pdf.ts");
        return { body: boardPdf(read, query.language), type: "application/pdf" };
      },
    },
    ports: {},
    close: () => boardMails.close(),
  };
};

function documentHandlers(store: BoardStore) {
  return {
    "boards.list": async ({ view, branch }) => store.list(view, branch),
    "boards.add": async ({ view, branch, body: { template, copyOf, ...given } }) => {
      const copied = copyOf === undefined ? undefined : store.read(view, branch, copyOf);
      const fields: BoardFields = {
        title: given.title,
        sharing: given.sharing ?? { with: "nobody" },
        editors: given.editors ?? "owner",
        wallS: given.wallS ?? copied?.wallS ?? 30,
      };
      return store.add(view, branch, fields, copied === undefined ? tilesOf(template) : copies(copied));
    },
    "boards.read": async ({ view, branch, params, query }) => store.read(view, branch, params.id, query.revision),
    "boards.act": ({ view, branch, params, body }) => store.act(view, branch, params.id, body.acts),
    "boards.remove": ({ view, branch, params }) => store.remove(view, branch, params.id),
    "boards.versions": ({ view, branch, params }) => store.versions(view, branch, params.id),
    "boards.restore": ({ view, branch, params, body }) => store.restore(view, branch, params.id, body.revision),
  } satisfies Partial<Handlers>;
}

/** Errors: DW_NOT_FOUND. */
function tilesOf(template: string | undefined): readonly Omit<ShownTile, "id">[] {
  if (template === undefined) return [];
  const found = TEMPLATES.find(({ id }) => id === template);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("boards.noTemplate", { id: template }));
  return found.tiles.map(({ kind, settings = {}, place }) => ({ kind, settings, moment: { of: "page" }, place }));
}

const copies = ({ tiles }: ShownBoard): readonly Omit<ShownTile, "id">[] => tiles.map(({ id: _id, ...tile }) => tile);

import type { HandlersOf, Open } from "@doppelwerk/kit/server";
import { alarmFold, boardTiles, lineFlow, lineModels, shiftFigures, shiftFold } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { shiftPage } from "../feature.ts";
import { shiftTile } from "./board-tile.ts";
import { ClosedFigures } from "./closed-figures.ts";
import { Handover } from "./handover.ts";
import { HandoverMails } from "./handover-mails.ts";
import { lineOf, readPage, shiftOf, type PageSources } from "./read-page.ts";

const LOOK_EVERY_MS = 20_000;

/** One page a shift: what happened, what is open, what changed, and the handover. */
export const open: Open<typeof shiftPage> = async (ctx) => {
  const handover = new Handover({
    now: () => ctx.now(),
    newId: () => ctx.ids.next("handoverNote"),
    nameOf: (actor) => ctx.nameOf(actor),
    texts: ctx.texts,
  });
  const closed = new ClosedFigures({
    store: ctx.store,
    flow: ctx.use(lineFlow),
    figures: ctx.use(shiftFigures),
    now: () => ctx.now(),
    isHistoryRead: async () => (await ctx.find(lineModels)?.isHistoryRead()) ?? true,
  });
  const looking = setInterval(() => {
    closed.look().catch((error: unknown) => ctx.log.error({ err: error }, "figures of closed shifts could not be kept"));
  }, LOOK_EVERY_MS);
  const sources: PageSources = {
    flow: ctx.use(lineFlow),
    figures: ctx.use(shiftFigures),
    handover,
    closed,
    now: () => ctx.now(),
    nameOf: (actor) => ctx.nameOf(actor),
    alarms: () => ctx.find(alarmFold),
    models: () => ctx.find(lineModels),
    fold: () => ctx.find(shiftFold),
  };
  const mails = new HandoverMails(ctx, sources);
  mails.start();
  const handedOver = async (branch: BranchId, id: string | undefined, shift: Instant) => {
    const line = await lineOf(sources, branch, id);
    const figures = await shiftOf(sources, line, shift);
    return { figures, key: { shell: line.shell, shift } };
  };
  return {
    handlers: {
      "shiftPage.page": ({ view, branch, query }) => readPage(view, branch, query, sources),
      "shiftPage.addNote": async ({ view, branch, body: { line, shift, ...fields } }) => {
        const { key } = await handedOver(branch, line, shift);
        return handover.add(view, branch, key, fields);
      },
      "shiftPage.closeItem": ({ view, branch, params, body }) => handover.close(view, branch, params.id, body.isDone),
      "shiftPage.sign": async ({ view, branch, body: { line, shift, role, seen } }) => {
        const { key, figures } = await handedOver(branch, line, shift);
        return handover.sign(view, branch, key, { role, seen, figures });
      },
      ...mailHandlers(mails),
    },
    contributed: [
      {
        key: boardTiles.key,
        value: shiftTile({
          flow: sources.flow,
          now: () => ctx.now(),
          view: (principal) => ctx.view(principal),
          page: (view, branch, asked) => readPage(view, branch, asked, sources),
        }),
      },
    ],
    ports: {},
    async close() {
      clearInterval(looking);
      await mails.close();
    },
  };
};

function mailHandlers(mails: HandoverMails) {
  return {
    "shiftPage.mail": ({ view, query }) => mails.of(view, query.line),
    "shiftPage.setMail": async ({ view, body: { line, isOn } }) => {
      await mails.set(view, line, isOn);
      return mails.of(view, line);
    },
  } satisfies Partial<HandlersOf<(typeof shiftPage)["contract"]>>;
}

import type { Open } from "@doppelwerk/kit/server";
import { boardTiles, helpCalls, lineFlow, notices } from "@doppelwerk/ports";
import { changed } from "../contract.ts";
import type { andon } from "../feature.ts";
import { andonTile } from "./board-tile.ts";
import { AndonCalls } from "./calls.ts";
import { helpCallsOf } from "./help-port.ts";
import { listRules, removeRule, storeRule } from "./rules.ts";
import { AndonWatch } from "./watch.ts";

const LOOK_EVERY_MS = 2_000;

/** Calls from stations and KPIs beyond their limits: who owns each, and who is notified next. */
export const open: Open<typeof andon> = async (ctx) => {
  const flow = ctx.use(lineFlow);
  const calls = new AndonCalls({
    flow,
    now: () => ctx.now(),
    newId: () => ctx.ids.next("andonCall"),
    nameOf: (actor) => ctx.nameOf(actor),
  });
  const tell = (): void => ctx.publish(changed, { at: ctx.now() });
  const watch = new AndonWatch(ctx, calls, tell);
  const timer = setInterval(() => void watch.look(), LOOK_EVERY_MS).unref();
  const acted = <Result>(result: Result): Result => {
    tell();
    void watch.look();
    return result;
  };
  return {
    handlers: {
      "andon.list": async ({ view, query }) => {
        const held = calls.held(view);
        const { lines } = await flow.lines();
        const all = (of: typeof held) => Promise.all(of.map((call) => calls.shown(call)));
        return {
          open: await all(held.filter(({ closedAt }) => closedAt === undefined).toReversed()),
          closed: await all(
            held
              .filter(({ closedAt }) => closedAt !== undefined)
              .toSorted((a, b) => b.closedAt! - a.closedAt!)
              .slice(0, query.closed),
          ),
          stations: lines.flatMap((line) => line.stations.map(({ id, title }) => ({ line: line.id, station: id, title }))),
        };
      },
      "andon.call": async ({ view, principal, body }) => acted(await calls.call(view, principal.id, body)),
      "andon.take": async ({ view, principal, params }) => {
        const taken = await calls.take(view, params.id, principal.id);
        await ctx.find(notices)?.withdraw({ id: taken.id, at: taken.raisedAt });
        return acted(taken);
      },
      "andon.close": async ({ view, principal, params, body }) => {
        const closed = await calls.close(view, params.id, principal.id, body.note);
        await ctx.find(notices)?.withdraw({ id: closed.id, at: closed.raisedAt });
        return acted(closed);
      },
      "andon.rules": async ({ view, branch }) => listRules(view, branch),
      "andon.recipients": async ({ principal, branch }) => [...(ctx.find(notices)?.recipients(principal, branch) ?? [])],
      "andon.storeRule": ({ view, branch, body }) => storeRule(view, branch, body.fields),
      "andon.removeRule": ({ view, branch, params }) => removeRule(view, branch, params.id),
    },
    contributed: [
      {
        key: boardTiles.key,
        value: andonTile(
          calls,
          (principal) => ctx.view(principal),
          () => ctx.now(),
        ),
      },
    ],
    ports: {
      [helpCalls.key]: helpCallsOf(calls, (principal) => ctx.view(principal), acted),
    },
    async close() {
      clearInterval(timer);
      await watch.idle();
    },
  };
};

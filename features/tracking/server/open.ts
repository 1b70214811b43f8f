import type { Open } from "@doppelwerk/kit/server";
import { LIVE } from "@doppelwerk/world";
import type { tracking } from "../feature.ts";
import { MAX_TRACED } from "../contract.ts";
import { ThingReader } from "./answers.ts";
import { queryEvents } from "./epcis-query.ts";
import { Holds } from "./holds.ts";
import { Register } from "./register.ts";
import { traceCsv } from "./trace-csv.ts";

/** Things of one file. */
const MAX_RECALLED = 200_000;
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** What things are made of, what became of them, and where they were. */
export const open: Open<typeof tracking> = async (ctx) => {
  const register = new Register(ctx);
  const holds = new Holds({
    now: () => ctx.now(),
    newId: () => ctx.ids.next("trackingHold"),
    nameOf: (actor) => ctx.nameOf(actor),
    texts: ctx.texts,
  });
  ctx.metric({
    kind: "gauge",
    name: "tracked_things",
    help: "Things that events name",
    read: () => register.counts(),
  });
  return {
    handlers: {
      "tracking.capture": ({ view, query, body }) => register.capture(view, body.epcisBody.eventList, query.place),
      "tracking.events": ({ view, query }) => queryEvents(view, query, ctx.now()),
      "tracking.things": async ({ view, query: { find, limit } }) => [...new ThingReader(view, register.index).find(find, limit)],
      "tracking.history": async ({ view, query: { thing, before = ALWAYS, limit } }) => {
        const reader = new ThingReader(view, register.index);
        const number = reader.numberOf(thing);
        const within = await reader.trace(number, "from", { limit: MAX_TRACED });
        const { visits, next } = await reader.visits(number, before, limit);
        return {
          thing: reader.shown(number),
          visits: [...visits],
          ...(next !== undefined && { next }),
          holds: [...holds.reaching(view, LIVE, new Set(within.things.map(({ name }) => name)))],
        };
      },
      "tracking.trace": async ({ view, query: { thing, direction, at, current, limit } }) => {
        const reader = new ThingReader(view, register.index);
        const number = reader.numberOf(thing);
        const { things, links, isCut } = await reader.trace(number, direction, { at, limit, isThen: current === "true" });
        return { things: [...things], links: [...links], isCut };
      },
      "tracking.traceFile": async ({ view, query: { thing, direction } }) => {
        const reader = new ThingReader(view, register.index);
        return {
          body: traceCsv(await reader.trace(reader.numberOf(thing), direction, { limit: MAX_RECALLED })),
          type: "text/csv; charset=utf-8",
        };
      },
      "tracking.holds": async ({ view, branch }) => {
        const reader = new ThingReader(view, register.index);
        return holds.list(view, branch).filter(({ thing }) => !reader.hides(thing));
      },
      "tracking.hold": ({ view, branch, body }) => holds.add(view, branch, body),
      "tracking.release": ({ view, branch, params, body }) => holds.release(view, branch, params.id, body.reason),
    },
    ports: {},
    close: () => register.close(),
  };
};

import type { Open, PlantView } from "@doppelwerk/kit/server";
import type { Conditions, EventRecord } from "../contract.ts";
import type { events } from "../feature.ts";

type Query = Parameters<PlantView["events"]["count"]>[0];

/** Recorded events, as the view of the caller has them. */
export const open: Open<typeof events> = async () => ({
  handlers: {
    "events.list": async ({ view, query: { order, limit, cursor, ...conditions } }) => {
      const page = await view.events.query({ ...queryOf(conditions), order, limit, ...(cursor !== undefined && { cursor }) });
      return { events: page.events.map(answerOf), ...(page.next !== undefined && { next: page.next }) };
    },
    "events.count": async ({ view, query }) => ({ count: await view.events.count(queryOf(query)) }),
    "events.expire": async ({ view, query: { before, branch, types } }) => ({
      expired: await view.events.expire({ before, ...(branch !== undefined && { branch }), ...(types !== undefined && { types }) }),
    }),
  },
  ports: {},
  close: async () => {},
});

function answerOf({ keys, payload, ...event }: Awaited<ReturnType<PlantView["events"]["query"]>>["events"][number]): EventRecord {
  return { ...event, keys: { ...keys }, payload: { ...payload } as EventRecord["payload"] };
}

function queryOf({ key, value, ...conditions }: Conditions): Query {
  const present = Object.fromEntries(Object.entries(conditions).filter(([, condition]) => condition !== undefined));
  return { ...(present as unknown as Query), ...(key !== undefined && value !== undefined && { key: { name: key, value } }) };
}

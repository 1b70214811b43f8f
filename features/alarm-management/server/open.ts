import type { Open } from "@doppelwerk/kit/server";
import { alarmRecord, knownPeople, listTables, livePlaces } from "@doppelwerk/ports";
import type { alarmManagement } from "../feature.ts";
import { adviceOn } from "./advice.ts";
import { Entries } from "./entries.ts";
import { entryTable } from "./entry-table.ts";
import { alarmPerformance } from "./performance.ts";
import { heldPhilosophy, storePhilosophy } from "./philosophy.ts";

/** What was decided of each alarm, and what the record says of all of them. */
export const open: Open<typeof alarmManagement> = async (ctx) => {
  const record = ctx.use(alarmRecord);
  const entries = new Entries({ record, people: ctx.use(knownPeople), now: () => ctx.now(), nameOf: (actor) => ctx.nameOf(actor) });
  return {
    handlers: {
      "alarmManagement.database": ({ view, branch }) => entries.list(view, branch),
      "alarmManagement.procedure": ({ view, branch, params }) => entries.one(view, branch, params.id),
      "alarmManagement.store": ({ view, branch, params, query, body }) =>
        entries.store(view, branch, params.id, { ...body, reason: query.reason }),
      "alarmManagement.remove": ({ view, branch, params, query }) => entries.remove(view, branch, params.id, query.reason),
      "alarmManagement.approve": ({ view, branch, params, query, body }) =>
        entries.approve(view, branch, params.id, body.expected, query.reason),
      "alarmManagement.enforce": ({ view, branch, params, query }) => entries.enforce(view, branch, params.id, query.reason),
      "alarmManagement.philosophy": async ({ view, branch }) => heldPhilosophy(view, branch),
      "alarmManagement.storePhilosophy": ({ view, branch, query, body }) =>
        storePhilosophy(view, branch, { ...body, reason: query.reason }),
      "alarmManagement.performance": ({ view, query }) => alarmPerformance(record, ctx.find(livePlaces), view, query),
      "alarmManagement.advice": ({ view, body, signal }) => adviceOn(record, view, body, signal),
    },
    contributed: [{ key: listTables.key, value: entryTable(entries, (principal) => ctx.view(principal)) }],
    ports: {},
    close: async () => {},
  };
};

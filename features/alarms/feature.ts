import { feature } from "@doppelwerk/kit";
import { alarmFold } from "@doppelwerk/ports";
import { acknowledge, changed, history, list, reset, returnToService, shelve, takeOutOfService, unshelve } from "./contract.ts";
import type {} from "./message-codes.ts";

export const alarms = feature({
  id: "alarms",
  perWorld: true,
  needs: { ports: [alarmFold], may: [] },
  offers: { ports: [], slots: [] },
  contract: [list, history, acknowledge, reset, shelve, unshelve, takeOutOfService, returnToService],
  topics: [changed],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

import { feature } from "@doppelwerk/kit";
import { aasEvents, alarmFold, derivedSignals, outlets } from "@doppelwerk/ports";
import { putReader, removeReader, server } from "./contract.ts";
import { publishEvents } from "./event-kinds.ts";
import type {} from "./message-codes.ts";

export const publish = feature({
  id: "publish",
  perWorld: true,
  needs: { ports: [aasEvents], may: [alarmFold, derivedSignals] },
  offers: { ports: [outlets], slots: [] },
  contract: [server, putReader, removeReader],
  topics: [],
  events: publishEvents,
  kinds: [],
  folds: [],
  jobs: [],
  personal: [
    {
      id: "publish.comments",
      what: "publish.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "events", type: "alarm.comment" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  words: "./words",
});

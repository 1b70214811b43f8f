import { feature } from "@doppelwerk/kit";
import { identifications } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { trackingEvents } from "./model/event-kinds.ts";
import { holdKind } from "./model/hold-kind.ts";

export const tracking = feature({
  id: "tracking",
  perWorld: true,
  needs: { ports: [], may: [identifications] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.capture,
    contract.events,
    contract.things,
    contract.history,
    contract.trace,
    contract.traceFile,
    contract.holds,
    contract.hold,
    contract.release,
  ],
  topics: [],
  kinds: [holdKind],
  events: trackingEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "tracking.holds",
      what: "tracking.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: holdKind.record, person: "by", written: "at" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

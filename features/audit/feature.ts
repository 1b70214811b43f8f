import { feature } from "@doppelwerk/kit";
import { alarmAudits, lineFlow, lossAudits, placeAudits, shiftAudits, shiftFigures, stationStates } from "@doppelwerk/ports";
import { figures, inputs } from "./contract.ts";
import type {} from "./message-codes.ts";

export const audit = feature({
  id: "audit",
  perWorld: true,
  needs: { ports: [], may: [alarmAudits, lineFlow, lossAudits, placeAudits, shiftAudits, shiftFigures, stationStates] },
  offers: { ports: [], slots: [] },
  contract: [figures, inputs],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

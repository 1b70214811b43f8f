import { feature } from "@doppelwerk/kit";
import { stationStates as stationStatesPort } from "@doppelwerk/ports";
import { editMapping, mappingEffect, states, stationStates } from "./contract.ts";
import type {} from "./message-codes.ts";

export const connect = feature({
  id: "connect",
  perWorld: true,
  needs: { ports: [stationStatesPort], may: [] },
  offers: { ports: [], slots: [] },
  contract: [states, stationStates, mappingEffect, editMapping],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

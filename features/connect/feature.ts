import { feature } from "@doppelwerk/kit";
import { connections, ownCertificates, pastReading, stationStates as stationStatesPort } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import { connectEvents } from "./event-kinds.ts";
import type {} from "./message-codes.ts";

export const connect = feature({
  id: "connect",
  perWorld: true,
  needs: { ports: [pastReading], may: [ownCertificates, stationStatesPort] },
  offers: { ports: [connections], slots: [] },
  contract: [
    contract.states,
    contract.rawStates,
    contract.stationStates,
    contract.mappingEffect,
    contract.editMapping,
    contract.list,
    contract.connectPlant,
    contract.browse,
    contract.values,
    contract.get,
    contract.change,
    contract.offer,
    contract.take,
    contract.takeAlarms,
    contract.signals,
    contract.findings,
    contract.interfaceOf,
    contract.describe,
    contract.push,
    contract.declareSignal,
    contract.certificates,
    contract.decideCertificate,
    contract.secrets,
    contract.putSecret,
    contract.identity,
    contract.identify,
    contract.removeSecret,
  ],
  topics: [contract.status, contract.backfill],
  kinds: [],
  events: connectEvents,
  folds: [],
  jobs: [],
  personal: [
    {
      id: "connect.conditions",
      what: "connect.personal",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "events", type: "plant.condition" }],
      kept: "asLongAsTheRecord",
      // the plant's own names: no account here is told by them
      erasure: "nameless",
      exported: false,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

import { feature, z } from "@doppelwerk/kit";
import { lineFlow, shiftFigures } from "@doppelwerk/ports";
import * as contract from "./contract.ts";
import type {} from "./message-codes.ts";
import { curveEvents } from "./model/event-kinds.ts";
import { savedKind } from "./model/saved-kind.ts";

export const trends = feature({
  id: "trends",
  perWorld: true,
  needs: { ports: [], may: [lineFlow, shiftFigures] },
  offers: { ports: [], slots: [] },
  contract: [
    contract.distribution,
    contract.pairs,
    contract.spectrum,
    contract.table,
    contract.usual,
    contract.kpiSeries,
    contract.serialSpans,
    contract.saved,
    contract.save,
    contract.change,
    contract.removeSaved,
    contract.recordCurve,
    contract.curves,
    contract.curveStations,
    contract.curvesOfSerial,
  ],
  topics: [],
  events: curveEvents,
  kinds: [savedKind],
  /** Days that curves are kept. */
  settings: { version: 1, schema: z.object({ curveDays: z.number().int().min(1).max(3_650).default(90) }), upcast: {} },
  folds: [],
  jobs: [],
  personal: [
    {
      id: "trends.saved",
      what: "trends.personal",
      purpose: "privacy.purpose.together",
      basis: "legitimateInterests",
      places: [{ kind: "documents", record: savedKind.record, person: "author", written: "written" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
    {
      id: "trends.curves",
      what: "trends.personalCurves",
      purpose: "privacy.purpose.record",
      basis: "legitimateInterests",
      places: [{ kind: "events", type: "curve.recorded" }],
      kept: "asLongAsTheRecord",
      erasure: "nameless",
      exported: true,
    },
  ],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

import { feature } from "@doppelwerk/kit";
import { aasReadings, importer } from "@doppelwerk/ports";
import {
  card,
  exportSeries,
  importFile,
  likeAssets,
  makeAssets,
  makeLine,
  plantValues,
  readImport,
  rename,
  reportFile,
  shellVersions,
  versions,
  writeSeries,
} from "./contract.ts";
import type {} from "./message-codes.ts";

export const assets = feature({
  id: "assets",
  perWorld: true,
  needs: { ports: [], may: [] },
  offers: { ports: [importer, aasReadings], slots: [] },
  contract: [
    importFile,
    readImport,
    reportFile,
    versions,
    shellVersions,
    rename,
    card,
    exportSeries,
    writeSeries,
    plantValues,
    likeAssets,
    makeAssets,
    makeLine,
  ],
  topics: [],
  kinds: [],
  folds: [],
  jobs: [{ kind: "assets.import", title: "assets.jobImport", maxRunning: 4, maxQueued: 64 }],
  server: "./server/open.ts",
  views: "./studio/views.ts",
  words: "./words",
});

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const card = call<typeof contract.card>("GET /shells/:id/card", "json");
export const exportSeries = call<typeof contract.exportSeries>("GET /export/time-series", "octets");
export const identify = call<typeof contract.identify>("GET /identification", "json");
export const importFile = call<typeof contract.importFile>("POST /import", "json");
export const likeAssets = call<typeof contract.likeAssets>("POST /assets/like", "json");
export const makeAssets = call<typeof contract.makeAssets>("POST /assets", "json");
export const makeLine = call<typeof contract.makeLine>("POST /lines", "json");
export const plantValues = call<typeof contract.plantValues>("GET /plant-values", "json");
export const readImport = call<typeof contract.readImport>("GET /imports/:id", "json");
export const rename = call<typeof contract.rename>("POST /submodels/:id/rename", "json");
export const reportFile = call<typeof contract.reportFile>("POST /import/report", "json");
export const shellVersions = call<typeof contract.shellVersions>("GET /shells/:id/versions", "json");
export const versions = call<typeof contract.versions>("GET /submodels/:id/versions", "json");
export const writeSeries = call<typeof contract.writeSeries>("POST /time-series", "json");

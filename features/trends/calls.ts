// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const change = call<typeof contract.change>("PUT /saved-trends/:id", "json");
export const curveStations = call<typeof contract.curveStations>("GET /curve-stations", "json");
export const curves = call<typeof contract.curves>("GET /curves", "json");
export const curvesOfSerial = call<typeof contract.curvesOfSerial>("GET /curves-of-serial/:serial", "json");
export const distribution = call<typeof contract.distribution>("GET /analysis/distribution", "json");
export const kpiSeries = call<typeof contract.kpiSeries>("GET /analysis/kpi-series", "json");
export const pairs = call<typeof contract.pairs>("GET /analysis/pairs", "json");
export const recordCurve = call<typeof contract.recordCurve>("POST /curves/:curve", "json");
export const removeSaved = call<typeof contract.removeSaved>("DELETE /saved-trends/:id", "json");
export const save = call<typeof contract.save>("POST /saved-trends", "json");
export const saved = call<typeof contract.saved>("GET /saved-trends", "json");
export const serialSpans = call<typeof contract.serialSpans>("GET /analysis/serials/:serial", "json");
export const spectrum = call<typeof contract.spectrum>("GET /analysis/spectrum", "json");
export const table = call<typeof contract.table>("GET /analysis/table", "octets");
export const usual = call<typeof contract.usual>("GET /analysis/usual", "json");

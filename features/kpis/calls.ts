// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const assignedInputs = call<typeof contract.assignedInputs>("GET /kpi-inputs", "json");
export const declaredKpis = call<typeof contract.declaredKpis>("GET /declared-kpis", "json");
export const indicatorCuts = call<typeof contract.indicatorCuts>("GET /indicator-cuts", "json");
export const indicators = call<typeof contract.indicators>("GET /indicators", "json");
export const knownTargets = call<typeof contract.knownTargets>("GET /kpi-targets", "json");
export const ofPeriod = call<typeof contract.ofPeriod>("GET /kpis", "json");
export const removeInput = call<typeof contract.removeInput>("DELETE /kpi-inputs/:id", "json");
export const removeOwnKpi = call<typeof contract.removeOwnKpi>("DELETE /own-kpis/:name", "json");
export const storeInput = call<typeof contract.storeInput>("PUT /kpi-inputs", "json");
export const storeOwnKpi = call<typeof contract.storeOwnKpi>("PUT /own-kpis/:name", "json");
export const storeTargets = call<typeof contract.storeTargets>("PUT /kpi-targets/:id", "json");

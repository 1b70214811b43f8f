// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const code = call<typeof contract.code>("POST /stop-codings", "json");
export const effects = call<typeof contract.effects>("GET /stop-effects", "json");
export const history = call<typeof contract.history>("GET /stop-codings/:id/history", "json");
export const lossesOfPeriod = call<typeof contract.lossesOfPeriod>("GET /loss-budget", "json");
export const pareto = call<typeof contract.pareto>("GET /loss-pareto", "json");
export const reasons = call<typeof contract.reasons>("GET /loss-reasons", "json");
export const removeReason = call<typeof contract.removeReason>("DELETE /loss-reasons/:code", "json");
export const stops = call<typeof contract.stops>("GET /stops", "json");
export const storeReason = call<typeof contract.storeReason>("PUT /loss-reasons/:code", "json");
export const usualLosses = call<typeof contract.usualLosses>("GET /loss-usual", "json");
export const whatIf = call<typeof contract.whatIf>("POST /stop-effects", "json");

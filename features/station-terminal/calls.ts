// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const badges = call<typeof contract.badges>("GET /terminal-badges", "json");
export const defectCodes = call<typeof contract.defectCodes>("GET /defect-codes", "json");
export const enter = call<typeof contract.enter>("POST /terminal-entries", "json");
export const picture = call<typeof contract.picture>("GET /terminal-stations/:station", "json");
export const removeDefectCode = call<typeof contract.removeDefectCode>("DELETE /defect-codes/:code", "json");
export const stations = call<typeof contract.stations>("GET /terminal-stations", "json");
export const storeBadge = call<typeof contract.storeBadge>("POST /terminal-badges", "json");
export const storeDefectCode = call<typeof contract.storeDefectCode>("PUT /defect-codes/:code", "json");
export const withdrawBadge = call<typeof contract.withdrawBadge>("DELETE /terminal-badges/:badge", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const at = call<typeof contract.at>("GET /at", "octets");
export const damage = call<typeof contract.damage>("GET /history/damage", "json");
export const displays = call<typeof contract.displays>("GET /signal-displays", "json");
export const durations = call<typeof contract.durations>("GET /durations", "json");
export const exportSamples = call<typeof contract.exportSamples>("GET /export/samples", "octets");
export const rail = call<typeof contract.rail>("GET /rail", "json");
export const storeDisplay = call<typeof contract.storeDisplay>("PUT /signal-displays/:signal", "json");
export const trend = call<typeof contract.trend>("GET /trend", "json");
export const window = call<typeof contract.window>("GET /window", "octets");

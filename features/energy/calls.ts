// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const meters = call<typeof contract.meters>("GET /energy-meters", "json");
export const ofPeriod = call<typeof contract.ofPeriod>("GET /energy", "json");
export const removeMeter = call<typeof contract.removeMeter>("DELETE /energy-meters/:signal", "json");
export const storeMeter = call<typeof contract.storeMeter>("PUT /energy-meters/:signal", "json");

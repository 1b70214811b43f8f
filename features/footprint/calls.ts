// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const factors = call<typeof contract.factors>("GET /carbon-factors", "json");
export const grid = call<typeof contract.grid>("GET /carbon-grid", "json");
export const ofProducts = call<typeof contract.ofProducts>("GET /carbon-footprints", "json");
export const removeFactor = call<typeof contract.removeFactor>("DELETE /carbon-factors/:name", "json");
export const storeFactor = call<typeof contract.storeFactor>("PUT /carbon-factors/:name", "json");
export const storeGrid = call<typeof contract.storeGrid>("PUT /carbon-grid", "json");
export const writeSubmodel = call<typeof contract.writeSubmodel>("POST /carbon-footprints/submodel", "json");

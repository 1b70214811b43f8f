// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const advice = call<typeof contract.advice>("POST /alarm-performance/advice", "json");
export const approve = call<typeof contract.approve>("POST /alarm-database/:id/approval", "json");
export const database = call<typeof contract.database>("GET /alarm-database", "json");
export const enforce = call<typeof contract.enforce>("POST /alarm-database/:id/enforcement", "json");
export const performance = call<typeof contract.performance>("GET /alarm-performance", "json");
export const philosophy = call<typeof contract.philosophy>("GET /alarm-philosophy", "json");
export const procedure = call<typeof contract.procedure>("GET /alarm-database/:id", "json");
export const remove = call<typeof contract.remove>("DELETE /alarm-database/:id", "json");
export const store = call<typeof contract.store>("PUT /alarm-database/:id", "json");
export const storePhilosophy = call<typeof contract.storePhilosophy>("PUT /alarm-philosophy", "json");

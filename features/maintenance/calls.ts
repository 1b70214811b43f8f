// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addPhoto = call<typeof contract.addPhoto>("POST /work-orders/:id/photos", "json");
export const direct = call<typeof contract.direct>("POST /work-orders/:id/direct", "json");
export const jobs = call<typeof contract.jobs>("GET /maintenance-jobs", "json");
export const judge = call<typeof contract.judge>("POST /maintenance-plans/:code/judge", "json");
export const ofAlarm = call<typeof contract.ofAlarm>("GET /alarm-work-orders", "json");
export const open = call<typeof contract.open>("POST /work-orders", "json");
export const openOfAlarm = call<typeof contract.openOfAlarm>("POST /alarm-work-orders", "json");
export const order = call<typeof contract.order>("GET /work-orders/:id", "json");
export const orders = call<typeof contract.orders>("GET /work-orders", "json");
export const parts = call<typeof contract.parts>("GET /work-orders/:id/parts", "json");
export const photo = call<typeof contract.photo>("GET /work-orders/:id/photos/:photo", "octets");
export const plans = call<typeof contract.plans>("GET /maintenance-plans", "json");
export const readInstructions = call<typeof contract.readInstructions>("GET /maintenance-instructions", "json");
export const reliability = call<typeof contract.reliability>("GET /reliability", "json");
export const removeJob = call<typeof contract.removeJob>("DELETE /maintenance-jobs/:code", "json");
export const removePlan = call<typeof contract.removePlan>("DELETE /maintenance-plans/:code", "json");
export const rules = call<typeof contract.rules>("GET /maintenance-rules", "json");
export const sign = call<typeof contract.sign>("POST /work-orders/:id/sign-off", "json");
export const storeJob = call<typeof contract.storeJob>("PUT /maintenance-jobs", "json");
export const storePlan = call<typeof contract.storePlan>("PUT /maintenance-plans", "json");
export const takeInstructions = call<typeof contract.takeInstructions>("POST /maintenance-instructions", "json");
export const work = call<typeof contract.work>("POST /work-orders/:id/work", "json");
export const writeInstructions = call<typeof contract.writeInstructions>("PUT /maintenance-instructions", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addPhoto = call<typeof contract.addPhoto>("POST /inspection-rounds/:round/photos", "json");
export const list = call<typeof contract.list>("GET /inspection-rounds", "json");
export const openWorkOrder = call<typeof contract.openWorkOrder>("POST /inspection-rounds/:round/work-orders", "json");
export const photo = call<typeof contract.photo>("GET /inspection-rounds/:round/photos/:photo", "octets");
export const record = call<typeof contract.record>("POST /inspection-rounds/:round/entries", "json");
export const store = call<typeof contract.store>("PUT /inspection-rounds/:round", "json");
export const trend = call<typeof contract.trend>("GET /inspection-rounds/:round/points/:point/checks/:check", "json");
export const walks = call<typeof contract.walks>("GET /inspection-rounds/:round/walks", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addSource = call<typeof contract.addSource>("POST /order-sources", "json");
export const changeSource = call<typeof contract.changeSource>("PUT /order-sources/:source", "json");
export const confirm = call<typeof contract.confirm>("POST /orders/:number/confirmation", "json");
export const coverage = call<typeof contract.coverage>("GET /coverage", "json");
export const exportB2mml = call<typeof contract.exportB2mml>("GET /b2mml/:document", "octets");
export const flow = call<typeof contract.flow>("GET /business-flow", "json");
export const history = call<typeof contract.history>("GET /orders/:number/history", "json");
export const importB2mml = call<typeof contract.importB2mml>("POST /b2mml", "json");
export const list = call<typeof contract.list>("GET /orders", "json");
export const removeSource = call<typeof contract.removeSource>("DELETE /order-sources/:source", "json");
export const sequence = call<typeof contract.sequence>("PUT /order-sequence", "json");
export const sources = call<typeof contract.sources>("GET /order-sources", "json");
export const split = call<typeof contract.split>("POST /orders/:number/split", "json");
export const store = call<typeof contract.store>("PUT /orders/:number", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addSource = call<typeof contract.addSource>("POST /stores-sources", "json");
export const changeSource = call<typeof contract.changeSource>("PUT /stores-sources/:source", "json");
export const history = call<typeof contract.history>("GET /spare-parts/:part/movements", "json");
export const list = call<typeof contract.list>("GET /spare-parts", "json");
export const move = call<typeof contract.move>("POST /spare-parts/:part/movements", "json");
export const notice = call<typeof contract.notice>("GET /stores-notice", "json");
export const removeSource = call<typeof contract.removeSource>("DELETE /stores-sources/:source", "json");
export const sources = call<typeof contract.sources>("GET /stores-sources", "json");
export const store = call<typeof contract.store>("PUT /spare-parts/:part", "json");
export const storeNotice = call<typeof contract.storeNotice>("PUT /stores-notice", "json");

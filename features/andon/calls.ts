// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const close = call<typeof contract.close>("POST /andon/:id/close", "json");
export const list = call<typeof contract.list>("GET /andon", "json");
export const raise = call<typeof contract.raise>("POST /andon", "json");
export const recipients = call<typeof contract.recipients>("GET /andon-recipients", "json");
export const removeRule = call<typeof contract.removeRule>("DELETE /andon-rules/:id", "json");
export const rules = call<typeof contract.rules>("GET /andon-rules", "json");
export const storeRule = call<typeof contract.storeRule>("PUT /andon-rules", "json");
export const take = call<typeof contract.take>("POST /andon/:id/take", "json");

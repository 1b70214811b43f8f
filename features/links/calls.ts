// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const add = call<typeof contract.add>("POST /links", "json");
export const file = call<typeof contract.file>("GET /links/own/files/:file", "octets");
export const grant = call<typeof contract.grant>("POST /grants", "json");
export const grants = call<typeof contract.grants>("GET /grants", "json");
export const list = call<typeof contract.list>("GET /links", "json");
export const offers = call<typeof contract.offers>("GET /grants/offers", "json");
export const own = call<typeof contract.own>("GET /links/own", "json");
export const remove = call<typeof contract.remove>("DELETE /links/:link", "json");
export const revoke = call<typeof contract.revoke>("DELETE /grants/:grant", "json");
export const shells = call<typeof contract.shells>("GET /links/shells", "json");

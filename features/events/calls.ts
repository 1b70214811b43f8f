// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const count = call<typeof contract.count>("GET /event-records/count", "json");
export const expire = call<typeof contract.expire>("DELETE /event-records", "json");
export const list = call<typeof contract.list>("GET /event-records", "json");

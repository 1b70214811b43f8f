// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const kpis = call<typeof contract.kpis>("GET /places/:id/kpis", "json");
export const list = call<typeof contract.list>("GET /places", "json");
export const summary = call<typeof contract.summary>("GET /places/:id/summary", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const enter = call<typeof contract.enter>("POST /entries", "json");
export const list = call<typeof contract.list>("GET /entries", "json");
export const signals = call<typeof contract.signals>("GET /entries/signals", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const figures = call<typeof contract.figures>("GET /audit", "json");
export const inputs = call<typeof contract.inputs>("GET /audit/inputs", "json");

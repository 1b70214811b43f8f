// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const ofPeriod = call<typeof contract.ofPeriod>("GET /kpis", "json");

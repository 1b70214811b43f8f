// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const dismiss = call<typeof contract.dismiss>("PUT /proposals/:id/dismissed", "json");
export const lookIntoFile = call<typeof contract.lookIntoFile>("POST /plant-files", "json");
export const proposal = call<typeof contract.proposal>("GET /proposals/:id", "json");
export const proposals = call<typeof contract.proposals>("GET /proposals", "json");
export const propose = call<typeof contract.propose>("POST /proposals", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const putReader = call<typeof contract.putReader>("PUT /opcua-server/readers/:name", "json");
export const removeReader = call<typeof contract.removeReader>("DELETE /opcua-server/readers/:name", "json");
export const server = call<typeof contract.server>("GET /opcua-server", "json");

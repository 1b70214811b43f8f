// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const file = call<typeof contract.file>("GET /lists/:id/file", "octets");
export const lists = call<typeof contract.lists>("GET /lists", "json");
export const preview = call<typeof contract.preview>("POST /lists/:id/preview", "json");
export const store = call<typeof contract.store>("POST /lists/:id/rows", "json");

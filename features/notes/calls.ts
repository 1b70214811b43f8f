// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const add = call<typeof contract.add>("POST /notes", "json");
export const edit = call<typeof contract.edit>("PUT /notes/:id", "json");
export const list = call<typeof contract.list>("GET /notes", "json");
export const remove = call<typeof contract.remove>("DELETE /notes/:id", "json");

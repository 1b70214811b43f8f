// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const editMapping = call<typeof contract.editMapping>("PATCH /states/:station", "json");
export const mappingEffect = call<typeof contract.mappingEffect>("POST /states/:station/effect", "json");
export const states = call<typeof contract.states>("GET /states", "json");
export const stationStates = call<typeof contract.stationStates>("GET /states/:station", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const confirm = call<typeof contract.confirm>("POST /commands/:id/confirm", "json");
export const list = call<typeof contract.list>("GET /commands", "json");
export const request = call<typeof contract.request>("POST /commands", "json");
export const requestCall = call<typeof contract.requestCall>("POST /calls", "json");
export const targets = call<typeof contract.targets>("GET /commands/targets", "json");
export const waiting = call<typeof contract.waiting>("GET /commands/waiting", "json");
export const withdraw = call<typeof contract.withdraw>("DELETE /commands/:id", "json");

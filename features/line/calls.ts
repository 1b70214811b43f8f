// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const info = call<typeof contract.info>("GET /line", "json");
export const infos = call<typeof contract.infos>("GET /lines/info", "json");
export const list = call<typeof contract.list>("GET /lines", "json");
export const snapshot = call<typeof contract.snapshot>("GET /snapshot", "json");

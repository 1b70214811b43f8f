// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const capture = call<typeof contract.capture>("POST /epcis/capture", "json");
export const events = call<typeof contract.events>("GET /epcis/events", "json");
export const history = call<typeof contract.history>("GET /tracking/history", "json");
export const hold = call<typeof contract.hold>("POST /tracking/holds", "json");
export const holds = call<typeof contract.holds>("GET /tracking/holds", "json");
export const release = call<typeof contract.release>("POST /tracking/holds/:id/release", "json");
export const things = call<typeof contract.things>("GET /tracking/things", "json");
export const trace = call<typeof contract.trace>("GET /tracking/trace", "json");
export const traceFile = call<typeof contract.traceFile>("GET /tracking/trace/file", "octets");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const add = call<typeof contract.add>("POST /pinned-documents", "json");
export const addFile = call<typeof contract.addFile>("POST /pinned-files", "json");
export const file = call<typeof contract.file>("GET /pinned-documents/:id/file", "octets");
export const list = call<typeof contract.list>("GET /pinned-documents", "json");
export const remove = call<typeof contract.remove>("DELETE /pinned-documents/:id", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const act = call<typeof contract.act>("POST /boards/:id/acts", "json");
export const add = call<typeof contract.add>("POST /boards", "json");
export const file = call<typeof contract.file>("GET /boards/:id/file", "octets");
export const kinds = call<typeof contract.kinds>("GET /board-tiles", "json");
export const list = call<typeof contract.list>("GET /boards", "json");
export const mail = call<typeof contract.mail>("GET /boards/:id/mail", "json");
export const read = call<typeof contract.read>("GET /boards/:id", "json");
export const remove = call<typeof contract.remove>("DELETE /boards/:id", "json");
export const restore = call<typeof contract.restore>("POST /boards/:id/restore", "json");
export const setMail = call<typeof contract.setMail>("PUT /boards/:id/mail", "json");
export const table = call<typeof contract.table>("POST /board-tiles/:kind/table", "json");
export const versions = call<typeof contract.versions>("GET /boards/:id/versions", "json");

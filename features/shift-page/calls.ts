// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addNote = call<typeof contract.addNote>("POST /shift-notes", "json");
export const closeItem = call<typeof contract.closeItem>("PUT /shift-notes/:id/done", "json");
export const mail = call<typeof contract.mail>("GET /shift-mail", "json");
export const page = call<typeof contract.page>("GET /shift-page", "json");
export const setMail = call<typeof contract.setMail>("PUT /shift-mail", "json");
export const sign = call<typeof contract.sign>("POST /shift-signatures", "json");

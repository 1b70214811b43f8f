// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const calendars = call<typeof contract.calendars>("GET /shift-calendars", "json");
export const list = call<typeof contract.list>("GET /shifts", "json");
export const removeCalendar = call<typeof contract.removeCalendar>("DELETE /shift-calendars/:id", "json");
export const storeCalendar = call<typeof contract.storeCalendar>("PUT /shift-calendars/:id", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const acknowledgeByLink = call<typeof contract.acknowledgeByLink>("POST /alarm-links/:token", "octets");
export const addCalendar = call<typeof contract.addCalendar>("POST /on-call-calendars", "json");
export const addChannel = call<typeof contract.addChannel>("POST /notification-channels", "json");
export const addRule = call<typeof contract.addRule>("POST /notification-rules", "json");
export const calendars = call<typeof contract.calendars>("GET /on-call-calendars", "json");
export const changeChannel = call<typeof contract.changeChannel>("PUT /notification-channels/:channel", "json");
export const channels = call<typeof contract.channels>("GET /notification-channels", "json");
export const link = call<typeof contract.link>("GET /alarm-links/:token", "octets");
export const list = call<typeof contract.list>("GET /notifications", "json");
export const onScreen = call<typeof contract.onScreen>("GET /notifications/on-screen", "json");
export const own = call<typeof contract.own>("GET /notifications/own", "json");
export const recipients = call<typeof contract.recipients>("GET /notification-recipients", "json");
export const removeCalendar = call<typeof contract.removeCalendar>("DELETE /on-call-calendars/:id", "json");
export const removeChannel = call<typeof contract.removeChannel>("DELETE /notification-channels/:channel", "json");
export const removeOwn = call<typeof contract.removeOwn>("DELETE /notifications/own", "json");
export const removeRule = call<typeof contract.removeRule>("DELETE /notification-rules/:id", "json");
export const rules = call<typeof contract.rules>("GET /notification-rules", "json");
export const setAddress = call<typeof contract.setAddress>("PUT /notification-address", "json");
export const setOwn = call<typeof contract.setOwn>("PUT /notifications/own", "json");
export const state = call<typeof contract.state>("GET /notifications/state", "json");
export const storeCalendar = call<typeof contract.storeCalendar>("PUT /on-call-calendars/:id", "json");
export const storeRule = call<typeof contract.storeRule>("PUT /notification-rules/:id", "json");
export const testChannel = call<typeof contract.testChannel>("POST /notification-channels/:channel/test", "json");
export const testOwn = call<typeof contract.testOwn>("POST /notifications/own/test", "json");
export const watch = call<typeof contract.watch>("GET /notifications/watch", "json");

// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const acknowledge = call<typeof contract.acknowledge>("POST /alarms/:id/acknowledge", "json");
export const addRule = call<typeof contract.addRule>("POST /alarm-rules", "json");
export const ahead = call<typeof contract.ahead>("GET /alarms-ahead", "json");
export const atPlant = call<typeof contract.atPlant>("GET /alarms/:id/at-plant", "json");
export const history = call<typeof contract.history>("GET /alarm-history", "json");
export const list = call<typeof contract.list>("GET /alarms", "json");
export const occurrences = call<typeof contract.occurrences>("GET /alarm-occurrences", "json");
export const removeRule = call<typeof contract.removeRule>("DELETE /alarm-rules/:id", "json");
export const reset = call<typeof contract.reset>("POST /alarms/:id/reset", "json");
export const returnToService = call<typeof contract.returnToService>("POST /alarms/:id/return-to-service", "json");
export const ruleCounts = call<typeof contract.ruleCounts>("GET /alarm-rule-counts", "json");
export const rules = call<typeof contract.rules>("GET /alarm-rules", "json");
export const shelve = call<typeof contract.shelve>("POST /alarms/:id/shelve", "json");
export const startWhatIf = call<typeof contract.startWhatIf>("POST /alarm-what-ifs", "json");
export const storeRule = call<typeof contract.storeRule>("PUT /alarm-rules/:id", "json");
export const takeOutOfService = call<typeof contract.takeOutOfService>("POST /alarms/:id/take-out-of-service", "json");
export const transitions = call<typeof contract.transitions>("GET /alarm-transitions", "json");
export const trialProgress = call<typeof contract.trialProgress>("GET /alarm-rules/try/:id", "json");
export const tryRules = call<typeof contract.tryRules>("POST /alarm-rules/try", "json");
export const unshelve = call<typeof contract.unshelve>("POST /alarms/:id/unshelve", "json");
export const whatIf = call<typeof contract.whatIf>("GET /alarm-what-ifs/:id", "json");

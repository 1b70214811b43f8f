// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const browse = call<typeof contract.browse>("POST /connections/browse", "json");
export const certificates = call<typeof contract.certificates>("GET /certificates", "json");
export const change = call<typeof contract.change>("PATCH /connections/:id", "json");
export const connectPlant = call<typeof contract.connectPlant>("POST /connections", "json");
export const decideCertificate = call<typeof contract.decideCertificate>("PUT /certificates/:thumbprint", "json");
export const declareSignal = call<typeof contract.declareSignal>("PATCH /signals/:id", "json");
export const describe = call<typeof contract.describe>("POST /connections/:id/interface", "json");
export const editMapping = call<typeof contract.editMapping>("PATCH /states/:station", "json");
export const findings = call<typeof contract.findings>("GET /connections/:id/findings", "json");
export const get = call<typeof contract.get>("GET /connections/:id", "json");
export const interfaceOf = call<typeof contract.interfaceOf>("GET /connections/:id/interface", "json");
export const list = call<typeof contract.list>("GET /connections", "json");
export const mappingEffect = call<typeof contract.mappingEffect>("POST /states/:station/effect", "json");
export const offer = call<typeof contract.offer>("POST /connections/:id/browse", "json");
export const push = call<typeof contract.push>("POST /connections/:id/samples", "json");
export const putSecret = call<typeof contract.putSecret>("PUT /secrets/:name", "json");
export const removeSecret = call<typeof contract.removeSecret>("DELETE /secrets/:name", "json");
export const secrets = call<typeof contract.secrets>("GET /secrets", "json");
export const signals = call<typeof contract.signals>("GET /connections/:id/signals", "json");
export const states = call<typeof contract.states>("GET /states", "json");
export const stationStates = call<typeof contract.stationStates>("GET /states/:station", "json");
export const take = call<typeof contract.take>("POST /connections/:id/signals", "json");
export const takeAlarms = call<typeof contract.takeAlarms>("POST /connections/:id/alarms", "json");
export const values = call<typeof contract.values>("POST /connections/values", "json");

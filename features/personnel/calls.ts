// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const addSource = call<typeof contract.addSource>("POST /roster-sources", "json");
export const changeSource = call<typeof contract.changeSource>("PUT /roster-sources/:source", "json");
export const eraseWorker = call<typeof contract.eraseWorker>("DELETE /personnel/workers/:worker", "json");
export const own = call<typeof contract.own>("GET /personnel/own", "json");
export const proposeRotation = call<typeof contract.proposeRotation>("POST /personnel/rotations", "json");
export const removeQualification = call<typeof contract.removeQualification>("DELETE /personnel/qualifications/:worker", "json");
export const removeRequirement = call<typeof contract.removeRequirement>("DELETE /personnel/requirements/:station", "json");
export const removeSource = call<typeof contract.removeSource>("DELETE /roster-sources/:source", "json");
export const removeTask = call<typeof contract.removeTask>("DELETE /personnel/tasks/:station", "json");
export const requirements = call<typeof contract.requirements>("GET /personnel/requirements", "json");
export const roster = call<typeof contract.roster>("GET /personnel/roster", "json");
export const skills = call<typeof contract.skills>("GET /personnel/skills", "json");
export const sources = call<typeof contract.sources>("GET /roster-sources", "json");
export const storeQualification = call<typeof contract.storeQualification>("PUT /personnel/qualifications", "json");
export const storeRequirement = call<typeof contract.storeRequirement>("PUT /personnel/requirements", "json");
export const storeShift = call<typeof contract.storeShift>("PUT /personnel/roster/:date/:shift", "json");
export const storeSkill = call<typeof contract.storeSkill>("PUT /personnel/skills/:skill", "json");
export const storeTask = call<typeof contract.storeTask>("PUT /personnel/tasks", "json");
export const storeWorker = call<typeof contract.storeWorker>("PUT /personnel/workers/:worker", "json");
export const workers = call<typeof contract.workers>("GET /personnel/workers", "json");
export const workload = call<typeof contract.workload>("GET /personnel/workload", "json");

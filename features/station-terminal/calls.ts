// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const badges = call<typeof contract.badges>("GET /terminal-badges", "json");
export const defectCodes = call<typeof contract.defectCodes>("GET /defect-codes", "json");
export const enter = call<typeof contract.enter>("POST /terminal-entries", "json");
export const instructions = call<typeof contract.instructions>("GET /work-instructions", "json");
export const judgeFirstPiece = call<typeof contract.judgeFirstPiece>("POST /terminal-stations/:station/first-piece", "json");
export const label = call<typeof contract.label>("GET /labels/:format", "octets");
export const lives = call<typeof contract.lives>("GET /life-items", "json");
export const picture = call<typeof contract.picture>("GET /terminal-stations/:station", "json");
export const removeDefectCode = call<typeof contract.removeDefectCode>("DELETE /defect-codes/:code", "json");
export const removeInstruction = call<typeof contract.removeInstruction>("DELETE /work-instructions/:instruction", "json");
export const removeLife = call<typeof contract.removeLife>("DELETE /life-items/:code", "json");
export const setPicture = call<typeof contract.setPicture>("PUT /work-instructions/:instruction/steps/:step/picture", "json");
export const stations = call<typeof contract.stations>("GET /terminal-stations", "json");
export const stepPicture = call<typeof contract.stepPicture>("GET /work-instructions/:instruction/pictures/:picture", "octets");
export const storeBadge = call<typeof contract.storeBadge>("POST /terminal-badges", "json");
export const storeDefectCode = call<typeof contract.storeDefectCode>("PUT /defect-codes/:code", "json");
export const storeInstruction = call<typeof contract.storeInstruction>("PUT /work-instructions", "json");
export const storeLife = call<typeof contract.storeLife>("PUT /life-items/:code", "json");
export const withdrawBadge = call<typeof contract.withdrawBadge>("DELETE /terminal-badges/:badge", "json");

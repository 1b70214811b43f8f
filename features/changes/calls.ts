// Generated from contract.ts by scripts/calls.ts; only types are imported from it.
import { call } from "@doppelwerk/client";
import type * as contract from "./contract.ts";

export const abandon = call<typeof contract.abandon>("DELETE /branches/:branch", "json");
export const apply = call<typeof contract.apply>("POST /branches/:branch/changes", "json");
export const approve = call<typeof contract.approve>("POST /merge-requests/:id/approve", "json");
export const branchOf = call<typeof contract.branchOf>("GET /branches/:branch", "json");
export const branches = call<typeof contract.branches>("GET /branches", "json");
export const changeApprovalSetting = call<typeof contract.changeApprovalSetting>("PUT /approval-setting", "json");
export const comment = call<typeof contract.comment>("POST /merge-requests/:id/comments", "json");
export const confirm = call<typeof contract.confirm>("POST /elements/:id/confirm", "json");
export const diff = call<typeof contract.diff>("GET /branches/:branch/diff", "json");
export const fork = call<typeof contract.fork>("POST /branches", "json");
export const log = call<typeof contract.log>("GET /log", "json");
export const merge = call<typeof contract.merge>("POST /merge-requests/:id/merge", "json");
export const propose = call<typeof contract.propose>("POST /merge-requests", "json");
export const readApprovalSetting = call<typeof contract.readApprovalSetting>("GET /approval-setting", "json");
export const reject = call<typeof contract.reject>("POST /merge-requests/:id/reject", "json");
export const request = call<typeof contract.request>("GET /merge-requests/:id", "json");
export const requests = call<typeof contract.requests>("GET /merge-requests", "json");
export const undo = call<typeof contract.undo>("POST /branches/:branch/undo", "json");
export const withdraw = call<typeof contract.withdraw>("POST /merge-requests/:id/withdraw", "json");

// Who may do what, and proof of what was done.

export { createSeal, verifyChain } from "./audit/seal.ts";
export { createAccessGate, type AccessGateOptions } from "./access/access-gate.ts";
export { roleTable, type Role, type Scope } from "./access/roles.ts";

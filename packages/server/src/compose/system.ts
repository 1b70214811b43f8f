import type { Principal } from "@doppelwerk/world";

/** What the server itself does: import at start, register derived signals. Never sent in by a request. */
export const SYSTEM: Principal = { id: "system", name: "Doppelwerk", verified: true, roles: ["administrator"] };
export const SYSTEM_IMPORT: Principal = { ...SYSTEM, id: "system:import" };

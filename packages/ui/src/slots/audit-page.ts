import { slot } from "./slot.ts";

/** How figures are computed, in place of the page while the address asks for it (`?audit`). The first one holds. */
export const auditPage = slot<{ readonly order: number }>()("shell.audit", 1);

import type { PlainCode } from "../language/catalogues.ts";
import type { Explained } from "./explained.ts";
import { slot } from "./slot.ts";

/** How figures are computed, in place of the page while the address asks for it (`?audit`). The first one holds. */
export const auditPage = slot<Explained & { readonly title: PlainCode; readonly order: number }>()("shell.audit", 1);

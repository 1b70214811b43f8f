import { auditPage, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(auditPage, "audit.page", {
    title: "audit.action",
    about: "audit.about",
    guide: "audit",
    order: 10,
    load: () => import("./audit-page.tsx"),
  }),
  view(shell.action, "audit.open", { title: "audit.action", group: "views", keys: "E", order: 60, load: () => import("./open-audit.ts") }),
];

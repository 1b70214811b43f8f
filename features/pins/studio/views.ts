import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.overlay, "pins.overlay", { order: 40, load: () => import("./pins-overlay.tsx") }),
  view(shell.tab, "pins.tab", {
    name: "pinned",
    title: "pins.title",
    accepts: ["station"],
    order: 60,
    load: () => import("./pins-tab.tsx"),
  }),
];

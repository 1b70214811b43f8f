import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "tracking.page", {
    path: "/tracking",
    title: "tracking.title",
    about: "tracking.about",
    guide: "tracking",
    icon: "barcode",
    order: 60,
    inspector: "never",
    load: () => import("./tracking-page.tsx"),
  }),
];

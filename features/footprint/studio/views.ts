import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "footprint.page", {
    path: "/footprint",
    title: "footprint.page.title",
    about: "footprint.page.about",
    guide: "energy",
    icon: "leaf",
    order: 63,
    inspector: "never",
    load: () => import("./footprint-page.tsx"),
  }),
];

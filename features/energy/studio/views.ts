import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "energy.page", {
    path: "/energy",
    title: "energy.page.title",
    about: "energy.page.about",
    guide: "energy",
    icon: "bolt",
    key: "E",
    order: 62,
    inspector: "never",
    load: () => import("./page/energy-page.tsx"),
  }),
  view(shell.tile, "energy.ofLine", { order: 70, load: () => import("./energy-card.tsx") }),
];
